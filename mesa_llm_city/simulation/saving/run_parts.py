"""The run of a saved model: records, collected rows, use of the language model, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.economy.option import Economy
from mesa_llm_city.simulation.reporters import LLM_TOTALS
from mesa_llm_city.simulation.saving.values import Tree

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "archetypes_state",
    "collected_state",
    "crowd_argument",
    "crowd_state",
    "economy_argument",
    "economy_option",
    "economy_state",
    "media_state",
    "migration_state",
    "records_state",
    "restore_archetypes",
    "restore_collected",
    "restore_crowd",
    "restore_economy",
    "restore_media",
    "restore_migration",
    "restore_records",
    "restore_rounds",
    "restore_steps",
    "restore_surveys",
    "rounds_state",
    "steps_state",
    "surveys_state",
]


def rounds_state(model: CityModel) -> Tree:
    """Return the seed of what is to come, and what was asked of the language model."""
    return {"seed": model.run_seed, "used": dict(model.llm_use.totals)}


def restore_rounds(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `rounds_state` returned."""
    model.run_seed = model.rounds.seed = state["seed"]
    model.registration.setup = replace(model.registration.setup, seed=state["seed"])
    model.llm_use.totals.update({name: float(state["used"][name]) for name in LLM_TOTALS})


def records_state(model: CityModel) -> Tree:
    """Return the tables of what has happened, in the order of their rows."""
    return model.records.state()


def restore_records(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `records_state` returned."""
    model.records.restore(state)


def collected_state(model: CityModel) -> Tree:
    """Return what the data collector has gathered."""
    return model.datacollector.state()


def restore_collected(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `collected_state` returned."""
    llm = [f"llm_{name}" for name in LLM_TOTALS] if model.llm is None else []
    model.datacollector.restore(state, may_lack=llm)


def migration_state(model: CityModel) -> Tree:
    """Return who lives elsewhere, and all moves; None if nobody decides about moving away."""
    migration = model.migration_or_none
    return None if migration is None else migration.state()


def restore_migration(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `migration_state` returned."""
    model.migration.restore(state)


def economy_option(model: CityModel) -> Tree:
    """Return the options of the economy of a model; None if it has none."""
    economy = model.economy_or_none
    return None if economy is None else economy.option.to_dict()


def economy_argument(setup: Mapping[str, Any]) -> dict[str, Any]:
    """Return the argument ``economy`` of a saved model; empty for the default."""
    option = setup.get("economy")
    if option is not None:
        return {"economy": Economy(**option)}
    is_usual = setup["parameters"].get("economy", {}).get("enabled", False)
    return {"economy": False} if is_usual else {}


def economy_state(model: CityModel) -> Tree:
    """Return accounts and payments; None if the model has no economy."""
    economy = model.economy_or_none
    return None if economy is None else economy.state()


def restore_economy(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `economy_state` returned."""
    model.economy.restore(state)


def media_state(model: CityModel) -> Tree:
    """Return posts, exposures, and what people make of them; None if there are no media."""
    media = model.media_or_none
    return None if media is None else media.state()


def restore_media(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `media_state` returned."""
    model.media.restore(state)


def crowd_state(model: CityModel) -> Tree:
    """Return who the rows of the crowd are and what they do, None without a crowd."""
    crowd = model.crowd_or_none
    return None if crowd is None else crowd.saved()


def crowd_argument(state: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the argument with which a model gets the crowd of a save."""
    if state is None:
        return {}
    from mesa_llm_city.simulation.crowd.crowd import Crowd
    from mesa_llm_city.simulation.crowd.saved_people import people_of

    return {"crowd": Crowd(people_of(state["people"]), **state["options"])}


def restore_crowd(model: CityModel, state: Mapping[str, Any]) -> None:
    """Let the rows of the crowd go on with what they did."""
    model.crowd.restore(state)


def surveys_state(model: CityModel) -> Tree:
    """Return the answers and times of all surveys; None if there is none."""
    return model.surveys.state() or None


def restore_surveys(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `surveys_state` returned, for surveys that were made again."""
    model.surveys.restore(state, model.clock)


def archetypes_state(model: CityModel) -> Tree:
    """Return the answers that archetypes share; None without any."""
    return (model.llm.archetypes.state() or None) if isinstance(model.llm, LLM) else None


def restore_archetypes(model: CityModel, state: Sequence[Mapping[str, Any]]) -> None:
    """Take over what `archetypes_state` returned; nothing without a language model."""
    if isinstance(model.llm, LLM):
        model.llm.archetypes.restore(state)


def steps_state(model: CityModel) -> Tree:
    """Return how far the model is, and the random numbers of Mesa."""
    version, numbers, gauss = model.random.getstate()
    return {
        "minute": model.minute,
        "step_end": model.step_end,
        "running": model.running,
        "steps": model.steps,
        "time": float(getattr(model, "time", model.steps)),
        "random": [version, list(numbers), gauss],
        "rng": _plain(model.rng.bit_generator.state),
    }


def restore_steps(model: CityModel, state: Mapping[str, Any]) -> None:
    """Take over what `steps_state` returned."""
    model.count_steps(state["steps"])
    late = state["time"] - float(getattr(model, "time", state["time"]))
    if late > 0.0:
        # A part of a step, which only the lines of Mesa from 3.5 on have.
        model.run_for(late)  # type: ignore[attr-defined]
    version, numbers, gauss = state["random"]
    model.random.setstate((version, tuple(numbers), gauss))
    model.rng.bit_generator.state = state["rng"]
    model.minute, model.step_end = state["minute"], state["step_end"]
    model.running = state["running"]


def _plain(value: Any) -> Any:  # noqa: ANN401 - the state of a generator of NumPy
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value
