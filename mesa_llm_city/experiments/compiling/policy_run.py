"""From options to a policy in a file, and to a report about one: what the command line does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.citizen.presets import policy_form
from mesa_llm_city.experiments.compiling.census import Census, take_census
from mesa_llm_city.experiments.compiling.comparison import Comparison, compare_policy
from mesa_llm_city.experiments.compiling.compile_cost import CompileCost, estimate_compile
from mesa_llm_city.experiments.compiling.compiler import compile_policy, plan_questions
from mesa_llm_city.experiments.compiling.effects import Effects, policy_effects
from mesa_llm_city.experiments.inputs import read_city, read_outsiders, read_people
from mesa_llm_city.experiments.language_model import open_llm
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.simulate import build_model, check_model, confirm
from mesa_llm_city.policies import Policy, write_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mesa_llm_city.citizen.presets import Decider
    from mesa_llm_city.city import City
    from mesa_llm_city.llm import LLM
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CompileOptions", "PolicyReport", "compile_run", "estimate_run", "report_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileOptions:
    """What is compiled, beside the options of the run in which cells are counted.

    Parameters
    ----------
    prompt : str
        What the language model is asked about.
    by : tuple of str
        Dimensions of the cells, the most important first.
    answers : int, default 3
        Answers in each cell.
    most_cells : int, optional
        How many cells are asked about at most.
    strength : float, optional
        Number of answers that the coarser cell counts for.
    held_out : float, default 0.1
        Share of the decisions that are held out for a report.
    """

    prompt: str
    by: tuple[str, ...]
    answers: int = 3
    most_cells: int | None = None
    strength: float | None = None
    held_out: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReport:
    """What a report about a policy says.

    Parameters
    ----------
    comparison : Comparison
        With the live model, on decisions held out.
    effects : Effects or None
        On time use and trips; None without seeds.
    """

    comparison: Comparison
    effects: Effects | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        effects = None
        if self.effects is not None:
            effects = json.loads(self.effects.summary().to_json(orient="records"))
        return {"comparison": self.comparison.to_dict(), "effects": effects}

    def __str__(self) -> str:
        """Return both in text."""
        return "\n".join(str(one) for one in (self.comparison, self.effects) if one is not None)


def compile_run(
    options: RunOptions, what: CompileOptions, file: Path, *, progress: Progress | None = None
) -> Policy:
    """Compile a policy and write it to a file, its card and the answers of the model beside it.

    A compile that was broken off goes on where it was when it is repeated.

    Parameters
    ----------
    options : RunOptions
        City, people, days and seed of the run by rules, and the language model.
    what : CompileOptions
        What is compiled.
    file : Path
        Such as ``policies/mode.parquet``; answers are kept in ``policies/mode.sqlite``.
    progress : Progress, optional
        Is told what is done, and asked before much money is spent.

    Raises
    ------
    CityError
        If an option is impossible, or the language model does not answer as it should.
    """
    told = progress or Progress()
    # What cannot be compiled is found before anything is asked.
    form = policy_form(what.prompt, options.parameters)
    Census(form, what.by, per_cell=what.answers, held_out=what.held_out)
    with locked(file), _asked(options, file) as llm:
        check_model(options, llm, told)
        census = _census(options, what, read_city(options), told)
        questions = plan_questions(census, answers=what.answers, most_cells=what.most_cells)
        confirm(_cost(census, questions, llm), options, told)
        policy = compile_policy(
            census,
            llm,
            answers=what.answers,
            most_cells=what.most_cells,
            strength=what.strength,
        )
        write_policy(policy, file)
        return policy


def estimate_run(
    options: RunOptions, what: CompileOptions, *, progress: Progress | None = None
) -> CompileCost:
    """Return what compiling would ask and cost, without asking anything."""
    census = _census(options, what, read_city(options), progress or Progress())
    questions = plan_questions(census, answers=what.answers, most_cells=what.most_cells)
    llm = open_llm(options)
    assert llm is not None  # noqa: S101 - the options name one
    try:
        return _cost(census, questions, llm)
    finally:
        llm.close()


def report_run(
    options: RunOptions,
    policy: Policy,
    file: Path,
    *,
    seeds: Sequence[int] = (),
    live: bool = False,
    repeats: int = 2,
    progress: Progress | None = None,
) -> PolicyReport:
    """Compare a policy with the live model on decisions held out, and measure its effects.

    Parameters
    ----------
    options : RunOptions
        City, people, days and seed of the run by rules, and the language model.
    policy : Policy
        The policy.
    file : Path
        Its file; answers are kept beside it, as `compile_run` does.
    seeds : sequence of int, optional
        Seeds of runs by rules and by policy; without any no effects are measured.
    live : bool, default False
        Whether the live model decides in further runs over these seeds.
    repeats : int, default 2
        How often the live model is asked about each decision.
    progress : Progress, optional
        Is told what is done, and asked before much money is spent.

    Raises
    ------
    CityError
        If an option is impossible, or the language model does not answer as it should.
    """
    told = progress or Progress()
    what = CompileOptions(
        prompt=policy.prompt,
        by=tuple(one.name for one in policy.dimensions),
        held_out=policy.card.held_out,
    )
    with locked(file), _asked(options, file) as llm:
        check_model(options, llm, told)
        city = read_city(options)
        census = _census(options, what, city, told)
        told.say(f"asking about {len(census.held_out())} decisions held out, {repeats} times each")
        comparison = compare_policy(policy, census, llm, repeats=repeats)
        effects = None
        if seeds:
            told.say(f"runs over {len(seeds)} seeds")
            effects = _effects(options, city, policy, seeds, llm if live else None)
        return PolicyReport(comparison=comparison, effects=effects)


@contextmanager
def _asked(options: RunOptions, file: Path) -> Iterator[LLM]:
    """Give the language model of the options, whose answers are kept beside a file."""
    store = None if options.replay is not None else file.with_suffix(".sqlite")
    llm = open_llm(options, store=store)
    assert llm is not None  # noqa: S101 - the options name one
    try:
        yield llm
    finally:
        llm.close()


def _census(options: RunOptions, what: CompileOptions, city: City, progress: Progress) -> Census:
    progress.say("a run by rules, to see which cells occur")

    def make(deciders: Mapping[str, Decider]) -> CityModel:
        return _model(options, city, deciders)

    censuses = take_census(
        make,
        {what.prompt: what.by},
        parameters=options.parameters,
        days=options.days,
        per_cell=what.answers,
        held_out=what.held_out,
    )
    return censuses[what.prompt]


def _model(
    options: RunOptions, city: City, policies: Mapping[str, Decider], llm: LLM | None = None
) -> CityModel:
    gated, people = read_outsiders(options, city, read_people(options, city))
    return build_model(options, gated, people, llm, policies=policies)


def _cost(census: Census, questions: Sequence[Any], llm: LLM) -> CompileCost:
    prompt = census.form.prompt
    return estimate_compile({prompt: census}, {prompt: questions}, llm)


def _effects(
    options: RunOptions, city: City, policy: Policy, seeds: Sequence[int], llm: LLM | None
) -> Effects:
    def seeded(
        policies: Mapping[str, Decider], asked: LLM | None = None
    ) -> Callable[[int], CityModel]:
        prompts = (policy.prompt,)
        return lambda seed: _model(options.with_(seed=seed, prompts=prompts), city, policies, asked)

    minds = {"rules": seeded({}), "policy": seeded({policy.prompt: policy})}
    if llm is not None:
        minds["live"] = seeded({}, llm)
    return policy_effects(minds, seeds, days=options.days)
