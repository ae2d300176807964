"""A saved model, loaded, goes on as if nothing had happened; what does not fit is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import mesa
import pytest

from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving.agents import USUAL
from mesa_llm_city.simulation.saving.folder import read_save, write_save
from tests.town import small_town, townspeople


class Dog(Stateless):
    """A component of the user's own that remembers."""

    def __init__(self, _: object = None) -> None:
        self.walks = 0

    def state(self) -> dict[str, Any]:
        """Return the number of walks."""
        return {"walks": self.walks}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take it over."""
        self.walks = state["walks"]


class Owner(CityAgent):
    """A citizen who walks a dog, and counts what it does in a plain attribute."""

    def __init__(self, model: CityModel, persona: Any) -> None:  # noqa: ANN401 - as CityAgent
        self.acts = 0
        super().__init__(model, persona)

    def act(self, intention: Intention) -> Completed:
        """Act, and count."""
        self.acts += 1
        self.citizen.components.dog.walks += 1
        return super().act(intention)


class Tram(mesa.Agent):
    """An agent of another class, with a list to remember, and luck."""

    def __init__(self, model: mesa.Model, line: int = 1) -> None:
        super().__init__(model)
        self.line, self.stops = line, [0]

    def step(self) -> None:
        """Stop somewhere."""
        self.stops.append(self.random.randrange(100) + int(self.rng.integers(100)))

    def state(self) -> dict[str, Any]:
        """Return the stops."""
        return {"line": self.line, "stops": self.stops}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take them over."""
        self.line, self.stops = state["line"], list(state["stops"])


class Bench(mesa.Agent):
    """An agent with plain attributes only."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.sat = 0

    def step(self) -> None:
        """Be sat on."""
        self.sat += self.random.randrange(5)


class Town(CityModel):
    """A model with agents and numbers of its own, which its constructor makes."""

    def __init__(self, *, level: int = 1, **options: Any) -> None:  # noqa: ANN401 - as CityModel
        self.level = level
        super().__init__(**options)
        self.tram = Tram(self, 4)
        self.benches = [Bench(self), Bench(self)]

    def state(self) -> dict[str, Any]:
        """Return what changes."""
        return {"level": self.level}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take it over."""
        self.level = state["level"]


def _steps(model: CityModel, hours: float) -> CityModel:
    for _ in range(round(hours * 12)):
        model.step()
    return model


@cache
def _plain() -> CityModel:
    """Return a model at 7:40, which nobody may change."""
    return _steps(CityModel(small_town(), townspeople(8), rng=7), 23 / 3)


def _parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_loaded_model_is_the_saved_one_and_goes_on_like_it(tmp_path: Path) -> None:
    model = _steps(CityModel(small_town(), townspeople(8), rng=7), 7)
    model.citizens[2].remove()
    model.add(replace(townspeople(8)[0], id=70, name="Newcomer"))
    _steps(model, 2 / 3).save(tmp_path)
    loaded = CityModel.load(tmp_path)
    assert loaded.digest() == model.digest()
    assert (loaded.minute, loaded.steps, loaded.run_seed) == (460, 92, 7)
    assert [one.person for one in loaded.citizens] == [one.person for one in model.citizens]
    ids = [[one.unique_id for one in each.agents] for each in (model, loaded)]
    assert ids[0] == ids[1]
    assert CityAgent(loaded, replace(townspeople(8)[0], id=71)).unique_id == 10
    model.add(replace(townspeople(8)[0], id=71))
    assert _steps(loaded, 3).digest() == _steps(model, 3).digest()
    collected = [one.datacollector.get_model_vars_dataframe() for one in (model, loaded)]
    assert collected[0].equals(collected[1])
    assert loaded.random.random() == model.random.random()
    assert loaded.world.names[townspeople(8)[2].id] == townspeople(8)[2].name


def test_what_is_saved_again_is_the_same(tmp_path: Path) -> None:
    _plain().save(tmp_path / "first")
    CityModel.load(tmp_path / "first").save(tmp_path / "second")
    assert _parts(tmp_path / "first") == _parts(tmp_path / "second")


def test_components_agents_and_numbers_of_ones_own_come_back(tmp_path: Path) -> None:
    def make() -> Town:
        people, components = townspeople(8), {"dog": Dog}
        town = Town(
            city=small_town(), people=people, rng=7, components=components, agent_class=Owner
        )
        town.level = 3
        return town

    first, second = _steps(make(), 8), make()
    Tram(first, 9)
    _steps(second, 8)
    Tram(second, 9)
    first.save(tmp_path)
    loaded = Town.load(tmp_path, components={"dog": Dog}, agent_class=Owner, agents=[Tram])
    assert loaded.level == 3
    assert loaded.tram in loaded.agents
    trams: Any = loaded.agents_by_type[Tram]
    assert [tram.line for tram in trams] == [4, 9]
    for one in (loaded, second):
        _steps(one, 5)
    assert loaded.digest() == second.digest()
    assert loaded.tram.stops == second.tram.stops
    assert [one.sat for one in loaded.benches] == [one.sat for one in second.benches]
    assert _counts(loaded) == _counts(second)


def _counts(town: Town) -> list[tuple[int, int]]:
    owners: Any = town.agents_by_type[Owner]
    return [(one.acts, one.citizen.components.dog.walks) for one in owners]


def test_what_has_left_does_not_come_back(tmp_path: Path) -> None:
    town = Town(city=small_town(), people=townspeople(4), rng=7)
    town.benches[0].remove()
    town.save(tmp_path)
    loaded = Town.load(tmp_path)
    assert [one.unique_id for one in loaded.agents] == [1, 2, 3, 4, 5, 7]
    assert loaded.benches[1] in loaded.agents


def test_parameters_may_differ_from_then_on(tmp_path: Path) -> None:
    _plain().save(tmp_path)
    changed: dict[str, Any] = {"modes.walk.speed_km_h": 2.4}
    loaded = CityModel.load(tmp_path, **changed)
    assert loaded.parameters.changed() == {"modes.walk.speed_km_h": 2.4}
    assert loaded.city.parameters is loaded.parameters
    assert loaded.digest() == _plain().digest()
    assert _steps(loaded, 4).digest() != _steps(CityModel.load(tmp_path), 4).digest()


@pytest.mark.parametrize("name", ["people", "rng", "seed"])
def test_what_belongs_to_the_save_cannot_be_given(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}: belongs to the save"):
        CityModel.load(tmp_path, **{name: 3})  # type: ignore[arg-type]


def test_agent_reporters_keep_their_rows(tmp_path: Path) -> None:
    reporters = {"agent_reporters": {"place": "place"}, "model_reporters": {"n": len_of}}
    people = townspeople(3)
    model = _steps(CityModel(small_town(), people, rng=7, **reporters), 0.5)  # type: ignore[arg-type]
    model.save(tmp_path)
    loaded = CityModel.load(tmp_path, **reporters)  # type: ignore[arg-type]
    for one in (model, loaded):
        _steps(one, 0.5)
    frames = [one.datacollector.get_agent_vars_dataframe() for one in (model, loaded)]
    assert len(frames[1]) == 3 * 12
    assert frames[0].equals(frames[1])
    with pytest.raises(DataError, match=r"agent_reporters\['place'\], model_reporters\['n'\]"):
        CityModel.load(tmp_path)


def len_of(model: CityModel) -> int:
    """Return the number of citizens."""
    return len(model.citizens)


def test_outsiders_and_generic_people_come_back(tmp_path: Path) -> None:
    numbers: dict[str, Any] = {"population.outsiders.commuters.per_open_job": 0.01}
    model = CityModel(small_town(), townspeople(6), rng=7, without=["persona"], **numbers)
    assert len(model.population) > 6
    _steps(model, 9).save(tmp_path)
    loaded = CityModel.load(tmp_path)
    assert loaded.population.people == model.population.people  # type: ignore[attr-defined]
    assert _steps(loaded, 2).digest() == _steps(model, 2).digest()


@pytest.mark.slow
@pytest.mark.each_line
def test_a_fresh_process_goes_on_as_this_one(tmp_path: Path) -> None:
    model = CityModel(small_town(), townspeople(8), rng=7)
    _steps(model, 7).save(tmp_path)
    code = (
        "import sys; from mesa_llm_city import CityModel; m = CityModel.load(sys.argv[1]); "
        "[m.step() for _ in range(36)]; print(m.digest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == _steps(model, 3).digest()


class Forgetful(mesa.Agent):
    """Remembers something, and says so to nobody."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.seen = {1, 2}


class Half(CityAgent):
    """Has one half of what is needed."""

    def state(self) -> dict[str, Any]:
        """Return nothing."""
        return {}


def test_what_would_be_lost_is_named_before_anything_is_written(tmp_path: Path) -> None:
    class Shelves(CityModel):
        """Has a list of its own."""

    model = Shelves(small_town(), townspeople(2), rng=7, agent_class=Half)
    Forgetful(model)
    model.shelves = [1]  # type: ignore[attr-defined]
    with pytest.raises(CityError) as told:
        model.save(tmp_path / "save")
    message = str(told.value)
    assert "Half has only one of the methods state() and restore()" in message
    assert "Forgetful has attributes of its own (seen)" in message
    assert "Shelves has attributes of its own (shelves)" in message
    assert not (tmp_path / "save").exists()


def test_a_state_that_is_no_json_names_its_component(tmp_path: Path) -> None:
    class Box(Dog):
        """Returns a set."""

        def state(self) -> dict[str, Any]:
            """Return what JSON does not have."""
            return {"walks": {1}}

    model = CityModel(small_town(), townspeople(2), rng=7, components={"box": Box})
    with pytest.raises(CityError, match=r"component 'box' of person 0 cannot be saved"):
        model.save(tmp_path / "save")
    assert not (tmp_path / "save").exists()


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    components = {"dog": Dog, "cat": Dog}
    town = CityModel(small_town(), townspeople(3), rng=7, components=components, agent_class=Owner)
    Tram(town)
    town.save(tmp_path)
    with pytest.raises(DataError, match=r"3 agents are of class Owner.*agent_class=Owner"):
        CityModel.load(tmp_path)
    with pytest.raises(DataError, match=r"1 agents are of class Tram.*agents=\[Tram\]"):
        CityModel.load(tmp_path, agent_class=Owner)
    with pytest.raises(DataError) as told:
        CityModel.load(tmp_path, agent_class=Owner, agents=[Tram], components={"cat": Stateless()})
    assert told.value.defects == (
        "component 'dog' of class Dog is missing; give it in components=",
        "component 'cat' is a Stateless, but was a Dog; give that class",
    )
    with pytest.raises(DataError, match=r"holds a CityModel, and Town is another class"):
        Town.load(tmp_path)


def test_another_city_is_refused(tmp_path: Path) -> None:
    _plain().save(tmp_path)
    assert CityModel.load(tmp_path, city=small_town()).minute == 460
    moved = small_town().with_places(small_town().places)
    assert len(moved.places) == 2 * len(small_town().places)
    with pytest.raises(DataError, match=r"another one than that of the save: its places differ"):
        CityModel.load(tmp_path, city=moved)


def test_an_index_that_lacks_something_is_refused(tmp_path: Path) -> None:
    write_save(tmp_path, {"model": "CityModel", "seed": 7}, {"city.json": b"{}"})
    with pytest.raises(DataError, match=r"does not say last_unique_id; use another save"):
        CityModel.load(tmp_path)
    head = {"model": "CityModel", "seed": 7, "last_unique_id": 1}
    write_save(tmp_path, head, {"city.json": b"{}", "magic.json": b"{}"})
    with pytest.raises(DataError) as told:
        CityModel.load(tmp_path)
    assert told.value.defects == (
        "the part 'magic' is not known here",
        "the part 'setup' is missing",
        "the part 'agents' is missing",
    )


def test_prompts_need_a_language_model_again(tmp_path: Path) -> None:
    _plain().save(tmp_path)
    with pytest.raises(ConfigError, match=r"give llm=LLM"):
        CityModel.load(tmp_path, prompts="full")


def test_a_model_is_not_saved_inside_a_step(tmp_path: Path) -> None:
    class Eager(mesa.Agent):
        """Saves in its step."""

        def step(self) -> None:
            """Save."""
            self.model.save(tmp_path)  # type: ignore[attr-defined]

    model = CityModel(small_town(), townspeople(2), rng=7)
    Eager(model)
    with pytest.raises(CityError, match=r"in the middle of step 1 and cannot be saved"):
        model.step()


def test_every_attribute_of_a_citizen_is_known() -> None:
    assert set(vars(_plain().citizens[0])) - {"pos"} <= USUAL


def test_saving_changes_nothing(tmp_path: Path) -> None:
    model = _steps(CityModel(small_town(), townspeople(8), rng=7), 1)
    for _ in range(4):
        model.save(tmp_path)
        _steps(model, 5 / 3)
    assert model.minute == _plain().minute
    assert model.digest() == _plain().digest()


@pytest.mark.parametrize("part", ["setup", "city", "world"])
def test_a_part_of_another_shape_names_itself(tmp_path: Path, part: str) -> None:
    _plain().save(tmp_path)
    saved = read_save(tmp_path)
    write_save(tmp_path, saved.head, {**saved.contents, f"{part}.json": b"{}"})
    with pytest.raises(DataError, match=rf"cannot be taken up: .*{part}.*KeyError"):
        CityModel.load(tmp_path)
