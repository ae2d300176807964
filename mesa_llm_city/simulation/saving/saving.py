"""A model in a folder: what is written of it, and how another one is made of that."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mesa_llm_city.city import City
from mesa_llm_city.city.saved_city import city_of, city_state
from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.core.installed import version_of
from mesa_llm_city.core.sampled_clock import clock_of
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.parameters.dotted import split_dotted
from mesa_llm_city.population import Persona
from mesa_llm_city.population.saved_people import people_of, population_facts, population_of_facts
from mesa_llm_city.simulation.saving.agents import agent_defects, rows_of
from mesa_llm_city.simulation.saving.folder import SavedFiles, check_free, read_save, write_save
from mesa_llm_city.simulation.saving.language_model import check_recording, language_model_facts
from mesa_llm_city.simulation.saving.own_state import defects_of, name_of
from mesa_llm_city.simulation.saving.parts import PARTS
from mesa_llm_city.simulation.saving.policies import policies_argument, policies_setup
from mesa_llm_city.simulation.saving.returning import AgentMakers, Returning, SavedAgent, makers_of
from mesa_llm_city.simulation.saving.run_parts import (
    crowd_argument,
    economy_argument,
    economy_option,
)
from mesa_llm_city.simulation.saving.values import Tree, from_files, to_files
from mesa_llm_city.simulation.saving.world_parts import intervention_defects

if TYPE_CHECKING:
    from mesa_llm_city.simulation.interventions.base import Intervention

    # A model is what is saved; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.simulation.records import RecordOptions

__all__ = ["Given", "load_model", "save_model"]

M = TypeVar("M", bound="CityModel")

_SETUP, _CITY = "setup", "city"
_NEEDED = ("model", "seed", "last_unique_id")
_OF_THE_SAVE = frozenset({"people", "rng", "seed"})
"""Arguments of a model that loading takes from the save."""
_GEOGRAPHY = ("crs", "places", "zones", "polygons", "stations", "network")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is given to load a save with.

    Parameters
    ----------
    arguments : mapping of str to object
        Arguments of the constructor of the model, parameters by dotted name among them; what
        is None is left out.
    agents : iterable of type, or mapping
        Classes of agents (see `AgentMakers`).
    interventions : tuple of Intervention or mapping
        Further interventions.
    surveys : callable, optional
        Makes the surveys of the model again.
    records : RecordOptions, optional
        How records are kept from now on.
    """

    arguments: Mapping[str, Any]
    agents: AgentMakers = ()
    interventions: tuple[Intervention | Mapping[str, object], ...] = ()
    surveys: Callable[[Any], object] | None = None
    records: RecordOptions | None = None


def save_model(model: CityModel, folder: Path) -> None:
    """Write a model into a folder (see `CityModel.save`)."""
    model.check_between_steps("saved")
    check_free(folder)
    if defects := list(_defects(model)):
        message = "\n  - ".join(["the model cannot be saved as it is:", *defects])
        raise CityError(message)
    trees = {_SETUP: _setup_state(model), _CITY: city_state(model.city)}
    trees |= {part.name: part.state(model) for part in PARTS}
    contents: dict[str, bytes] = {}
    for name, tree in trees.items():
        if tree is not None:
            contents |= to_files(name, tree)
    write_save(folder, _head(model), contents)


def load_model(kind: type[M], folder: Path, given: Given) -> M:
    """Return the model that a folder holds (see `CityModel.load`)."""
    if fixed := sorted(_OF_THE_SAVE & given.arguments.keys()):
        message = (
            f"{', '.join(fixed)}: belongs to the save and cannot be given; omit it, and for other "
            "seeds from this moment on use experiments.fork(model, ..., seeds=5)"
        )
        raise ConfigError(message)
    saved = read_save(folder)
    _check_class(kind, saved, folder)
    trees = {name: from_files(name, saved.contents) for name in _names(saved)}
    _check_parts(trees, folder)
    with _reading(saved.head, _SETUP, _CITY, "agents"):
        first, returning = _people(trees, saved.head, given.agents)
        arguments = _arguments(kind, trees, saved.head, given)
    model = kind(people=returning, **arguments)
    returning.complete(model)
    model.population = first
    if given.surveys is not None:
        with model.surveys.remaking():
            given.surveys(model)
    model.records.options = given.records
    for part in PARTS:
        if part.name in trees:
            with _reading(saved.head, part.name):
                part.restore(model, trees[part.name])
    _keep_records(model, given.records)
    _prefer_given(model, given.arguments)
    if given.interventions:
        model.intervene(*given.interventions)
    check_recording(model.llm, saved.head.get("language_model"))
    return model


@contextmanager
def _reading(head: Mapping[str, Any], *parts: str) -> Iterator[None]:
    """Name the part, and the version that wrote it, if it is not as this version reads it."""
    try:
        yield
    except CityError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        message = (
            f"the save cannot be taken up: {', '.join(parts)} ({type(error).__name__}: {error}); "
            f"load it with the version of the package that wrote it "
            f"({head.get('package', 'unknown')}), or mend the method restore() of your own"
        )
        raise DataError(message) from error


def _keep_records(model: CityModel, given: RecordOptions | None) -> None:
    """Keep records as given from now on; those that are streamed already have taken it up."""
    if given is None:
        return
    is_streamed = model.records.stream is not None
    model.keep_records(replace(given, stream=None) if is_streamed else given)


def _prefer_given(model: CityModel, arguments: Mapping[str, Any]) -> None:
    """Set attributes of a subclass that are given anew, such as its number of days."""
    for name, value in arguments.items():
        if value is not None and name in vars(model).keys() - model.usual_attributes:
            setattr(model, name, value)


def _defects(model: CityModel) -> Iterator[str]:
    yield from agent_defects(model)
    yield from intervention_defects(model)
    yield from defects_of(model, model.usual_attributes)


def _head(model: CityModel) -> dict[str, Any]:
    """Return what the index of a save says about it."""
    return {
        "package": version_of("mesa-llm-city"),
        "mesa": version_of("mesa"),
        "python": platform.python_version(),
        "model": name_of(type(model)),
        "moment": str(model.clock.at(model.minute)),
        "minute": model.minute,
        "start": model.clock.start.isoformat(),
        "seed": model.first_seed,
        "people": len(model.citizens),
        "last_unique_id": model.last_unique_id,
        "parameters": json.loads(json.dumps(model.parameters.changed(), default=str)),
        "language_model": language_model_facts(model.llm),
    }


def _setup_state(model: CityModel) -> Tree:
    """Return what the constructor of the model is given again."""
    return {
        "parameters": model.parameters.model_dump(mode="json"),
        "prompts": sorted(model.prompts),
        "without": list(model.without),
        "clock": model.clock.to_json(),
        "population": population_facts(model.population),
        "economy": economy_option(model),
        **policies_setup(model),
    }


def _names(saved: SavedFiles) -> list[str]:
    return [name.removesuffix(".json") for name in saved.contents if name.endswith(".json")]


def _check_class(kind: type[CityModel], saved: SavedFiles, folder: Path) -> None:
    if missing := [name for name in _NEEDED if name not in saved.head]:
        message = f"the index of {folder} does not say {', '.join(missing)}; use another save"
        raise DataError(message)
    if saved.head["model"] != name_of(kind):
        message = (
            f"{folder} holds a {saved.head['model']}, and {name_of(kind)} is another class; "
            f"load it with {saved.head['model']}.load"
        )
        raise DataError(message)


def _check_parts(trees: Mapping[str, Tree], folder: Path) -> None:
    known = {_SETUP, _CITY, *(part.name for part in PARTS)}
    defects = [f"the part {name!r} is not known here" for name in trees if name not in known]
    needed = (_SETUP, _CITY, "agents")
    defects += [f"the part {name!r} is missing" for name in needed if name not in trees]
    if defects:
        source = f"the save in {folder}"
        advice = "load it with the version of the package that wrote it"
        raise DataError.listing(source, defects, advice=advice)


def _people(
    trees: Mapping[str, Tree], head: Mapping[str, Any], agents: AgentMakers
) -> tuple[Any, Returning]:
    """Return those who lived there at first, and all who come back."""
    state = trees["agents"]
    texts = state["personas"]["persona"].to_pylist()
    people = people_of(json.loads(f"[{','.join(texts)}]"), state["entries"])
    first = tuple(people[number] for number in state["first"])
    rows = state["agents"].select(["unique_id", "kind", "persona"])
    saved = tuple(_saved_agent(row, state["kinds"], people) for row in rows_of(rows))
    returning = Returning(
        first, agents=saved, last_id=head["last_unique_id"], makers=makers_of(agents)
    )
    return population_of_facts(first, trees[_SETUP]["population"]), returning


def _saved_agent(
    row: Mapping[str, Any], kinds: list[str], people: tuple[Persona, ...]
) -> SavedAgent:
    number = row["persona"]
    persona = None if number is None else people[number]
    return SavedAgent(row["unique_id"], kinds[row["kind"]], persona)


def _arguments(
    kind: type[CityModel], trees: Mapping[str, Tree], head: Mapping[str, Any], given: Given
) -> dict[str, Any]:
    """Return the arguments of the constructor: those of the save, and over them those given."""
    setup = trees[_SETUP]
    changed, own = split_dotted(given.arguments)
    saved = CityParameters(**setup["parameters"])
    arguments = {
        "rng": head["seed"],
        "clock": clock_of(setup["clock"]),
        "prompts": tuple(setup["prompts"]),
        "without": tuple(setup["without"]),
        **policies_argument(setup),
        "parameters": with_keywords(saved, changed),
        **economy_argument(setup),
        **crowd_argument(trees.get("crowd")),
        **{name: one for name, one in own.items() if one is not None},
    }
    arguments["city"] = _city(trees[_CITY], saved, arguments.get("city"))
    if not any(one.kind is one.VAR_KEYWORD for one in signature(kind).parameters.values()):
        _check_taken(kind, arguments)
    return arguments


def _check_taken(kind: type[CityModel], arguments: Mapping[str, Any]) -> None:
    taken = signature(kind).parameters
    if unknown := [name for name in ("people", *arguments) if name not in taken]:
        message = (
            f"the constructor of {name_of(kind)} does not take {', '.join(unknown)}, which loading "
            "gives to it; let it take them, and pass them on to CityModel"
        )
        raise ConfigError(message)


def _city(state: Tree, parameters: CityParameters, given: City | None) -> City:
    """Return the city of a save; one that is given has to be the same."""
    saved = city_of(state, parameters, other=given)
    if given is None:
        return saved
    states = city_state(saved), city_state(given)
    if differ := [name for name in _GEOGRAPHY if not _is_same(*(one[name] for one in states))]:
        message = (
            f"the city that is given is another one than that of the save: its "
            f"{', '.join(differ)} differ; give the same one, or none"
        )
        raise DataError(message)
    return saved


def _is_same(one: Tree, other: Tree) -> bool:
    return to_files(_CITY, {"": one}) == to_files(_CITY, {"": other})
