"""People and what passes between them, as a Mesa model without a city: the base of such models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import mesa
import numpy as np

from mesa_llm_city.core.asking import Backend, Thought, run_all
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.prompts import Prompted, PromptForm
from mesa_llm_city.simulation.kept_state import restore_attributes, state_of
from mesa_llm_city.simulation.model_copy import copied
from mesa_llm_city.simulation.records import digest
from mesa_llm_city.simulation.reporters import LLM_TOTALS, LLMUse, llm_reporters
from mesa_llm_city.simulation.resumable_model import ResumableModel
from mesa_llm_city.simulation.run_seed import run_seed
from mesa_llm_city.simulation.steps_cost import StepsCost, estimate_steps

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALL_PROMPTS", "SocietyModel"]

T = TypeVar("T")
C = TypeVar("C")

ALL_PROMPTS = "full"
"""Stands for everything that a model can ask a language model about."""

_OWN_STATE = ("minute", "run_seed", "first_seed", "decided", "running")


class SocietyModel(ResumableModel):
    """A model of what people hear, feel, believe and pass on.

    A subclass calls this ``__init__``, makes its people, and defines `live`: what happens in a
    step. People are agents, or rows of columns, which are numbered from 0. Its class attributes
    say what changes, what is reported and what can be asked.

    Parameters
    ----------
    length : int, optional
        Number of steps after which the run ends (``running`` is False); without an end by
        default.
    rng : int or numpy.random.Generator, optional
        Seed of everything, or a generator to draw one from; drawn at random by default.
    seed : int, optional
        Another name of `rng`, as Mesa has it; give one of them.
    llm : Backend, optional
        What answers the questions of thoughts, such as an `LLM`; by rules nothing is asked.
    prompts : iterable of str or str, optional
        What is asked about instead of being decided by rule: some of `PROMPTS`, or ``"full"``
        for all of them.
    parameters : CityParameters, optional
        Every number that shapes behaviour; the default ones by default.
    keywords : mapping of str to object, optional
        Parameters by dotted name, as ``mesa.batch_run`` gives them to ``**kwargs``.

    Attributes
    ----------
    PROMPTS : tuple of str
        What can be asked about, by the names of the prompts.
    STEP_MIN : int
        Length of a step, in minutes; a day by default.
    REPORTED : tuple of str
        Attributes that are reported after each step, in `history` and by ``mesa.batch_run``.
    STATE : tuple of str
        Attributes that change over a run, beside those of this class: arrays, plain values and
        components (see `state`).
    SHARED : tuple of str
        Attributes that never change, such as a graph; copies of the model share them.
    LEVERS : tuple of str
        Attributes that may be changed in the middle of a run (see `change`).
    minute : int
        Simulated minutes since midnight of the first day: during `live` those at which the step
        begins.
    run_seed : int
        Seed of the run; once the model is reseeded, the seed of what is to come.
    first_seed : int
        Seed with which the run began: what people are like is drawn from it.
    llm : Backend or None
        As given.
    llm_use : LLMUse
        What this model alone has asked of it.
    decided : collections.Counter
        Number of decisions by source: ``"rule"`` and ``"prompt"``.
    datacollector : mesa.DataCollector
        What is reported after each step.

    Raises
    ------
    ConfigError
        If an option is outside its range, or there are prompts but no language model.

    Examples
    --------
    >>> class Rumour(SocietyModel):
    ...     REPORTED, STATE = ("knowing",), ("knows",)
    ...     def __init__(self, people=100, days=5, **given):
    ...         super().__init__(length=days, **given)
    ...         self.knows = np.arange(people) == 0
    ...     @property
    ...     def knowing(self):
    ...         return int(self.knows.sum())
    ...     def live(self):
    ...         hears = self.uniforms("hears", len(self.knows))[:, 0] < self.knows.mean() + 0.1
    ...         self.knows = self.knows | hears
    >>> model = Rumour(rng=7)
    >>> model.run_to_end()
    >>> model.minute, model.history()["knowing"].is_monotonic_increasing
    (7200, True)
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    STEP_MIN: ClassVar[int] = DAY_MIN
    REPORTED: ClassVar[tuple[str, ...]] = ()
    STATE: ClassVar[tuple[str, ...]] = ()
    SHARED: ClassVar[tuple[str, ...]] = ()
    LEVERS: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        length: int | None = None,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        parameters: CityParameters | None = None,
        keywords: Mapping[str, object] | None = None,
    ) -> None:
        self.prompts = _prompts(type(self), prompts, llm)
        self.run_seed = self.first_seed = run_seed(rng, seed)
        super().__init__(rng=self.run_seed)
        if length is not None and length < 1:
            message = f"a run must have at least 1 step, got {length}"
            raise ConfigError(message)
        self.length = length
        self.parameters = with_keywords(parameters, keywords or {})
        self.llm = llm
        self.llm_use = LLMUse()
        self.minute = 0
        self.decided: Counter[str] = Counter()
        self.datacollector = mesa.DataCollector(self._reporters())

    # What a subclass defines.

    def live(self) -> None:
        """Let a step of `STEP_MIN` minutes happen, from `minute` on."""
        message = f"{type(self).__name__} has no method live(self), which says what a step does"
        raise NotImplementedError(message)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what has happened as tables by name, beside the history; none by default."""
        return {}

    def renew(self) -> None:
        """Take over changed `parameters`; components that hold them are made again here."""

    # What Mesa and users call.

    def step(self) -> None:
        """Let the minutes of a step pass.

        Raises
        ------
        CityError
            If a question has no answer. Nothing of the step has happened then, so that it can be
            taken again; answers that a store keeps are not asked for twice.
        """
        if self.llm is None or not self.prompts:
            self.live()
        else:
            self._live_or_undo()
        self.minute += self.STEP_MIN
        self.datacollector.collect(self)
        self.running = self.length is None or self.minute < self.length * self.STEP_MIN

    def _live_or_undo(self) -> None:
        before = self.state()
        try:
            self.live()
        except BaseException:
            # Part of the step may have happened before the question that failed.
            self.restore(before)
            raise

    def run_to_end(self) -> None:
        """Run until the model stops by itself.

        Raises
        ------
        ConfigError
            If it has no end.
        """
        if self.length is None:
            message = f"this {type(self).__name__} has no end; call step, or give it a length"
            raise ConfigError(message)
        while self.running:
            self.step()

    @property
    def day(self) -> int:
        """Days since the start, 0 on the first."""
        return self.minute // DAY_MIN

    def history(self) -> pd.DataFrame:
        """Return what was reported after each step, one row a step."""
        history: pd.DataFrame = self.datacollector.get_model_vars_dataframe()
        return history

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name: ``history`` and those of the model."""
        return {"history": self.history(), **self.tables()}

    def digest(self) -> str:
        """Return a fingerprint of all tables, what a language model costs left out."""
        frames = self.frames()
        costs = [f"llm_{name}" for name in LLM_TOTALS]
        frames["history"] = frames["history"].drop(columns=costs, errors="ignore")
        return digest(frames)

    # Who decides, and by which random numbers.

    def asks(self, prompt: str) -> bool:
        """Return whether a language model decides what a prompt of this name is about."""
        return prompt in self.prompts

    def prompted(self, prompt: str, rule: C, form: PromptForm) -> C | Prompted[C]:
        """Return a component as it decides in this run: by rule, or `Prompted` if it is asked.

        Parameters
        ----------
        prompt : str
            One of `PROMPTS`.
        rule : object
            The component that decides by rule.
        form : PromptForm
            Its prompt form.
        """
        return Prompted(rule, form) if self.asks(prompt) else rule

    def decide(self, people: Sequence[int], thoughts: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """Let thoughts come to their values together, and return them in the same order.

        Questions are asked together, and answers matched by position. What has a field
        ``source`` is counted in `decided`.

        Parameters
        ----------
        people : sequence of int
            Number of the person of each thought.
        thoughts : iterable of coroutine
            As many coroutines, which ask by `ask` or by components and change nothing.

        Raises
        ------
        CityError
            If there is no answer; with person and minute.
        """
        thinking = [
            Thought(one, person=int(person), minute=self.minute)
            for person, one in zip(people, thoughts, strict=True)
        ]
        with self.llm_use.counted(self.llm):
            values = run_all(thinking, backend=self.llm)
        self.decided.update(str(one.source) for one in values if hasattr(one, "source"))
        return values

    def uniforms(self, purpose: str, people: int | Sequence[int] | Any, n: int = 1) -> Float:  # noqa: ANN401 - an array of numbers
        """Return random numbers of this minute, in [0, 1).

        Parameters
        ----------
        purpose : str
            What is drawn, such as ``"share"``.
        people : int or sequence of int, shape (m,)
            Number of people, or their numbers. The numbers of a person depend on neither the
            others nor their order.
        n : int, default 1
            Numbers per person.

        Returns
        -------
        ndarray of float64, shape (m, n)
            The numbers.
        """
        return uniforms(self.run_seed, _ids(people), purpose, self.minute, n)

    def traits(self, purpose: str, people: int | Sequence[int] | Any, n: int = 1) -> Float:  # noqa: ANN401 - an array of numbers
        """Return random numbers for what people are like, which no reseeding changes.

        As `uniforms`, but the same at all minutes.
        """
        return uniforms(self.first_seed, _ids(people), purpose, 0, n)

    def stream(self, purpose: str, person: int = 0) -> np.random.Generator:
        """Return the random stream of a person for this minute (see `core.streams.rng`)."""
        return stream(self.run_seed, person, purpose, self.minute)

    # Other futures.

    def change(self, **values: object) -> None:
        """Change levers or parameters from now on.

        Parameters
        ----------
        **values
            Attributes of `LEVERS` by name, and parameters by dotted name.

        Raises
        ------
        ConfigError
            If there is no such lever.
        ParameterError
            If there is no such parameter, or a value is outside its range.
        """
        dotted = {name: value for name, value in values.items() if "." in name}
        levers = {name: value for name, value in values.items() if "." not in name}
        if unknown := [name for name in levers if name not in self.LEVERS]:
            message = (
                f"{', '.join(unknown)} cannot be changed during a run; what can is "
                f"{', '.join(self.LEVERS) or 'nothing'}, and parameters by dotted name"
            )
            raise ConfigError(message)
        parameters = with_keywords(self.parameters, dotted)
        for name, value in levers.items():
            setattr(self, name, value)
        if dotted:
            self.parameters = parameters
            self.renew()

    def copy(self, seed: int | None = None) -> Self:
        """Return a model that lives on from this moment by itself.

        Parameters
        ----------
        seed : int, optional
            Seed of what is to come; by default the copy goes on exactly as the model would.

        Raises
        ------
        CityError
            If a step is under way, or something in the model cannot be copied.
        """
        self.check_between_steps("copied")
        other = copied(self, {name: getattr(self, name) for name in ("llm", *self.SHARED)})
        if seed is not None:
            other.reseed(seed)
        return other

    def reseed(self, seed: int) -> None:
        """Draw what is to come from another seed; what people are like stays."""
        self.run_seed = run_seed(seed)
        self.random.seed(self.run_seed)
        # Agents and spaces may hold the generator itself, so it stays the same object.
        state = np.random.default_rng(self.run_seed).bit_generator.state
        self.rng.bit_generator.state = state

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run: `STATE`, and what this class holds.

        Mesa's own random numbers and agents are not among it: a model whose agents change keeps
        their state in attributes of `STATE`, or is continued by `copy`.
        """
        own = state_of(self, (*_OWN_STATE, *self.STATE))
        collected = {name: list(row) for name, row in self.datacollector.model_vars.items()}
        return {**own, "steps": int(self.steps), "history": collected}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state of `state`; the model has been made with the same options.

        Raises
        ------
        DataError
            If the state is one of another class.
        """
        rest = {name: one for name, one in state.items() if name not in {"steps", "history"}}
        restore_attributes(self, rest, (*_OWN_STATE, *self.STATE))
        self.datacollector.model_vars.update(
            {name: list(row) for name, row in state["history"].items()}
        )
        self.count_steps(state["steps"])

    def cost_estimate(self, steps: int | None = None) -> StepsCost:
        """Return what steps from now would ask, and at what price (see `estimate_steps`).

        Parameters
        ----------
        steps : int, optional
            Number of steps; to the end of the run by default.
        """
        return estimate_steps(self, self.steps_left if steps is None else steps)

    @property
    def step_min(self) -> int:
        """Length of a step, in minutes."""
        return self.STEP_MIN

    @property
    def steps_left(self) -> int:
        """Number of steps to the end of the run; 1 if it has none."""
        return 1 if self.length is None else self.length - self.minute // self.STEP_MIN

    def _reporters(self) -> dict[str, Any]:
        used = {} if self.llm is None else llm_reporters()
        return {"minute": "minute", **{name: name for name in self.REPORTED}, **used}


def _ids(people: Any) -> Any:  # noqa: ANN401 - a number of people, or their numbers
    return np.arange(people) if isinstance(people, int | np.integer) else np.asarray(people)


def _prompts(
    kind: type[SocietyModel], given: Iterable[str] | str, llm: Backend | None
) -> frozenset[str]:
    """Return the prompts that are meant by names."""
    names = [given] if isinstance(given, str) else list(given)
    known = (*kind.PROMPTS, ALL_PROMPTS)
    if unknown := [name for name in names if name not in known]:
        message = (
            f"{kind.__name__} asks nothing about {', '.join(unknown)}; "
            f"prompts are {', '.join(known)}"
        )
        raise ConfigError(message)
    chosen = frozenset(kind.PROMPTS if ALL_PROMPTS in names else names)
    if chosen and llm is None:
        message = (
            f"prompts {', '.join(sorted(chosen))} ask a language model, but there is none; "
            "give llm=LLM(...), or leave the prompts out and have rules decide"
        )
        raise ConfigError(message)
    return chosen
