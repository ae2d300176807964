"""What happens in a model while it is saved goes on in the loaded one: each part by itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.llm import LLM, ClientSpec, Store
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.interventions import Close, Set, Tell
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.reseeding import reseed
from mesa_llm_city.simulation.saving import read_head
from tests.town import small_town, townspeople


def _model(**options: Any) -> CityModel:  # noqa: ANN401 - as CityModel
    return CityModel(small_town(), townspeople(8), rng=7, **options)


def _steps(model: CityModel, hours: float) -> CityModel:
    for _ in range(round(hours * 12)):
        model.step()
    return model


def _goes_on_alike(model: CityModel, folder: Path, hours: float = 3, **given: Any) -> CityModel:  # noqa: ANN401
    model.save(folder)
    loaded = CityModel.load(folder, **given)
    assert loaded.digest() == model.digest()
    assert _steps(loaded, hours).digest() == _steps(model, hours).digest()
    return loaded


def test_closures_news_weather_and_parameters_of_the_moment(tmp_path: Path) -> None:
    work = next(one.work for one in townspeople(8) if one.work not in {None, one.home})
    model = _model(
        interventions=[
            Close(place=work, start="day 1 09:00", end="day 1 11:30", text="a flood"),
            Tell(at="day 1 09:55", text="The river rises", danger=0.8, place=work, radius_m=900.0),
            Set(parameters={"modes.walk.speed_km_h": 2.0}, start="1 08:00", end="1 11:00"),
            Set(weather={"rain_mm_h": 9.0}, start="1 08:00"),
        ]
    )
    _steps(model, 10)
    assert model.world.closures.active
    assert model.parameters.changed() == {"modes.walk.speed_km_h": 2.0}
    loaded = _goes_on_alike(model, tmp_path)
    assert not loaded.world.closures.active
    assert loaded.parameters.changed() == {}
    assert loaded.world.weather(0).rain_mm_h == 9.0
    assert loaded.interventions().equals(model.interventions())
    assert loaded.messages().equals(model.messages())


def test_people_who_came_left_and_changed(tmp_path: Path) -> None:
    model = _steps(_model(), 8)
    model.move_out(model.citizens[0], "to the coast")
    came = model.move_in(model.demography.newcomers())
    model.demography.birthday(came[0])
    loaded = _goes_on_alike(_steps(model, 1), tmp_path)
    assert loaded.events().equals(model.events())
    assert loaded.everybody == model.everybody


def test_a_model_that_was_reseeded(tmp_path: Path) -> None:
    model = _steps(_model(), 8)
    reseed(model, 9)
    loaded = _goes_on_alike(model, tmp_path)
    assert (loaded.run_seed, loaded.first_seed) == (9, 7)


def test_surveys_keep_their_answers_and_times(tmp_path: Path) -> None:
    def ask(model: CityModel) -> None:
        model.survey("Age?", scale=(0, 120), rule=_age, name="once")
        model.survey("Age?", scale=(0, 120), rule=_age, name="panel", when=["1 08:00", "1 10:00"])

    model = _model()
    ask(model)
    _steps(model, 9).save(tmp_path)
    with pytest.raises(ConfigError, match=r"surveys panel.*CityModel.load\(surveys=...\)"):
        CityModel.load(tmp_path)
    loaded = CityModel.load(tmp_path, surveys=ask)
    for one in (model, loaded):
        _steps(one, 2)
    assert loaded.surveys["panel"].waves == 2
    for name in ("once", "panel"):
        assert loaded.surveys[name].answers().equals(model.surveys[name].answers())


def _age(agent: CityAgent) -> int:
    return agent.age


def test_further_interventions_can_be_given(tmp_path: Path) -> None:
    _steps(_model(), 8).save(tmp_path)
    further = [Tell(at="day 1 08:30", text="Market day", danger=0.0)]
    loaded = _steps(CityModel.load(tmp_path, interventions=further), 1)
    assert len(loaded.interventions()) == 1


def test_an_intervention_with_a_function_ahead_cannot_be_saved(tmp_path: Path) -> None:
    model = _model(interventions=[Tell(when=lambda one: one.minute > 600, text="Hello")])
    with pytest.raises(CityError, match=r"intervention 1 \(tell\): when is a function"):
        model.save(tmp_path / "save")
    _steps(model, 11).save(tmp_path / "save")
    assert len(CityModel.load(tmp_path / "save").intervention_schedule) == 1


def test_recorded_prompts_go_on_from_the_same_recording(tmp_path: Path) -> None:
    store, spec = tmp_path / "answers.sqlite", ClientSpec(backend="scripted", model="made-up")
    people = townspeople(4)

    def model(llm: LLM) -> CityModel:
        return CityModel(small_town(), people, rng=7, llm=llm, prompts="full")

    with closing(LLM(spec, store=store)) as live:
        expected = _steps(model(live), 11).digest()
    with closing(LLM.replay(store)) as llm:
        _steps(model(llm), 8).save(tmp_path / "save")
    with closing(LLM.replay(store)) as llm:
        loaded = CityModel.load(tmp_path / "save", llm=llm)
        used = loaded.llm_use.totals["calls"]
        assert _steps(loaded, 3).digest() == expected
        assert loaded.llm_use.totals["calls"] > used > 0
    told = read_head(tmp_path / "save")["language_model"]
    assert (told["mode"], told["models"][""]) == ("replay", "made-up")
    assert told["recording"]["answers"] > 0
    Store(tmp_path / "other.sqlite").close()
    other = LLM.replay(tmp_path / "other.sqlite")
    with closing(other), pytest.warns(UserWarning, match=r"with the recording answers.sqlite"):
        CityModel.load(tmp_path / "save", llm=other)
