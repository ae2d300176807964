"""From city and people to a model, and from its first midnight to its last."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import load_model
from mesa_llm_city.experiments.crowd_results import crowd_of
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.language_model import is_at_home
from mesa_llm_city.experiments.options import AnyOptions, RunOptions
from mesa_llm_city.experiments.policy_files import prompts_beside, read_policies
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.saves import steps_left
from mesa_llm_city.llm import LLM

if TYPE_CHECKING:
    from mesa_llm_city.citizen.presets import Decider
    from mesa_llm_city.city import City
    from mesa_llm_city.population import Population
    from mesa_llm_city.simulation.asked_tally import Range
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["build_model", "check_model", "confirm", "confirm_cost", "run_days"]


def build_model(
    options: RunOptions,
    city: City,
    people: Population,
    llm: LLM | None = None,
    *,
    policies: Mapping[str, Decider] | None = None,
) -> CityModel:
    """Return the model that the options ask for, at its first midnight.

    Parameters
    ----------
    options : RunOptions
        The options.
    city : City
        The city.
    people : Population
        The people.
    llm : LLM, optional
        The language model; without one nothing is asked.
    policies : mapping of str to Policy, optional
        What policies decide; those of the options by default. With them and without a language
        model nothing is asked.

    Raises
    ------
    ConfigError
        If there is to be a crowd, and the model takes none.
    DataError
        If interventions have defects, all of them listed, or a file of a policy cannot be used.
    """
    compiled = read_policies(options) if policies is None else policies
    # A census is taken by rules, whatever is asked about what it has met.
    asks = options.asks and (policies is None or llm is not None)
    factory = load_model(options.model)
    model = factory(
        city=city,
        people=people,
        rng=options.seed,
        clock=Clock(start=options.start),
        llm=llm,
        prompts=prompts_beside(options, compiled) if asks else (),
        without=options.without,
        parameters=options.parameters,
        **({"policies": compiled} if compiled else {}),
        **crowd_of(options, factory),
    )
    model.intervene(*options.interventions)
    return model


def check_model(options: AnyOptions, llm: LLM | None, progress: Progress) -> None:
    """Ask the language model a short question, so that a wrong key or name ends a run at once.

    Raises
    ------
    LLMError
        If there is no answer.
    """
    if llm is None or options.skip_check or not options.is_live:
        return
    progress.say("asking the language model a short question")
    for checked in llm.check():
        progress.say(str(checked))


def confirm_cost(
    model: CityModel, options: RunOptions, progress: Progress, *, runs: int = 1
) -> None:
    """Report the expected calls and cost; above the threshold, ask for consent.

    Parameters
    ----------
    model : CityModel
        The model, before its first step.
    options : RunOptions
        Its options.
    progress : Progress
        Shows the estimate, and asks.
    runs : int, default 1
        How many runs of that kind there will be.

    Raises
    ------
    ConfigError
        If the answer is no; but for the short question before it, nothing has been asked then.
    """
    # By rules, whatever answers is the model's own and costs nothing.
    if not isinstance(model.llm, LLM) or not options.is_live:
        return
    # What is left of the last day counts as a day.
    left = -(-steps_left(model, options.days) // model.clock.steps_per_day)
    confirm(model.cost_estimate(left * runs), options, progress)


class _Expected(Protocol):
    """What is expected to be asked; it tells itself in a sentence."""

    @property
    def usd(self) -> Range | None:
        """Money, in US dollars; None if a model has no price."""
        ...


def confirm(expected: _Expected, options: AnyOptions, progress: Progress) -> None:
    """Report what is expected to be asked; above the threshold, ask for consent.

    Raises
    ------
    ConfigError
        If the answer is no.
    """
    progress.say(f"expected: {expected}")
    is_dear = (
        not is_at_home(options)
        if expected.usd is None
        else expected.usd.high > options.confirm_above
    )
    if is_dear and not options.yes and not progress.agree(f"expected: {expected}\nGo on?"):
        message = "the cost was declined, so the run was not begun; go on with --yes"
        raise ConfigError(message)


def run_days(
    model: CityModel,
    days: int,
    progress: Progress,
    *,
    save_every: int | None = None,
    save_to: Path | None = None,
) -> None:
    """Run a model until whole days are over, and report every step.

    Parameters
    ----------
    model : CityModel
        The model; one that was loaded has lived a part of the days already.
    days : int
        Number of days, from the first midnight of the model.
    progress : Progress
        Gets every step, and what has been spent.
    save_every : int, optional
        After how many simulated minutes the model is saved, again and again.
    save_to : Path, optional
        Folder of these saves, each of which takes the place of the one before.
    """
    steps_per_day, left = model.clock.steps_per_day, steps_left(model, days)
    spent = model.llm.totals if isinstance(model.llm, LLM) else None
    done = days * steps_per_day - left
    progress.begin(days=days, steps_per_day=steps_per_day, done=done, spent=spent)
    with settled():
        for _ in range(left):
            model.step()
            progress.advance()
            if save_to is not None and save_every and model.minute % save_every == 0:
                model.save(save_to)
