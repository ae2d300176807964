"""The rows of a crowd on the map."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city import Crowd as CrowdOptions
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.choropleth import choropleth
from mesa_llm_city.ui.person.interview import talk_with
from mesa_llm_city.ui.views import live
from mesa_llm_city.ui.views.density import Grid
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.zone_measures import measure_label, zone_values
from tests.town import small_town, townspeople

CITIZENS, ROWS = 5, 60


@cache
def _model() -> CityModel:
    """Return a model with citizens and a crowd, at half past eight."""
    people = townspeople(CITIZENS)
    model = CityModel(small_town(), people, rng=5, crowd=CrowdOptions(ROWS))
    while model.minute < 8 * 60 + 30:
        model.step()
    return model


def test_citizens_and_rows_are_one_crowd_by_rising_id() -> None:
    crowd = LiveView(_model()).crowd()
    assert len(crowd) == CITIZENS + ROWS
    assert (np.diff(crowd.person) > 0).all()
    assert LiveView(_model()).people == CITIZENS


def test_visits_of_zones_are_said_to_be_those_of_citizens() -> None:
    view = LiveView(_model())
    assert measure_label(view, "visits") == "visits of citizens today"
    assert choropleth(view, "visits")["zone_look"]["title"] == "visits of citizens today"


def test_rows_are_where_the_crowd_says() -> None:
    model = _model()
    crowd, rows = LiveView(model).crowd(), model.crowd
    row = np.searchsorted(crowd.person, rows.values("person"))
    stays = ~rows.values("is_travelling")
    for axis, shown in (("x", crowd.x), ("y", crowd.y)):
        assert np.allclose(shown[row][stays], rows.values(axis)[stays])
    purposes = np.array(list(model.parameters.purposes))
    assert purposes[crowd.doing[row]].tolist() == rows.values("purpose").tolist()
    assert ((crowd.mode[row] >= 0) == rows.values("is_travelling")).all()


def test_rows_under_way_follow_the_streets() -> None:
    model = CityModel(small_town(), [], rng=5, crowd=CrowdOptions(ROWS))
    view, seen = LiveView(model), 0
    while model.minute < 9 * 60:
        model.step()
        crowd, trips = view.crowd(), view.under_way()
        start, end = trips.times.T
        gone = np.clip((model.minute - start) / np.maximum(end - start, 1), 0.0, 1.0)
        row = np.searchsorted(crowd.person, trips.person)
        assert np.allclose(np.column_stack([crowd.x, crowd.y])[row], trips.lines.at(gone))
        seen += int((trips.lines.sizes > 2).sum())
    assert seen > 0


@pytest.mark.parametrize("by", ["activity", "mode", "hunger", "mood", "belief", "income"])
def test_everybody_has_a_colour(by: str) -> None:
    values = LiveView(_model()).values(by)
    assert values.shape == (CITIZENS + ROWS,)
    if by in {"hunger", "mood", "income"}:
        assert np.isfinite(values).all()


def test_rows_have_homes_and_are_counted_in_zones() -> None:
    view = LiveView(_model())
    assert view.homes().shape == (CITIZENS + ROWS,)
    assert zone_values(view, "residents").sum() == zone_values(view, "people").sum() == 65


def test_a_row_is_looked_at_as_a_person() -> None:
    model = _model()
    view, row = LiveView(model), int(model.crowd.rows[7])
    person = int(model.crowd.people.ids[row])
    seen = view.person(person)
    assert (seen.id, seen.name) == (person, model.crowd.persona(row).name)
    assert seen.needs["hunger"] == pytest.approx(model.crowd[row].hunger)
    assert seen.now
    assert seen.missing == ("memories", "insights", "decisions")
    assert seen.plan[0].status == "now"
    assert seen.beliefs.columns[0] == "place"
    assert view.find(str(person)) == [(person, f"person {person}")]
    with pytest.raises(ConfigError, match="no person has the id 12345"):
        view.person(12345)


def test_a_row_answers_questions_by_rules() -> None:
    model = _model()
    talk = talk_with(LiveView(model), int(model.crowd.people.ids[3]))
    assert talk.llm is None
    talk.ask("What are you doing?")
    assert talk.lines[0].answer.text


def test_many_rows_are_a_density_and_citizens_stay_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    view = LiveView(_model())
    assert view.density() is None
    monkeypatch.setattr(live, "MOST_DOTS", ROWS - 1)
    density = view.density()
    assert density is not None
    assert len(view.crowd()) == len(view.values("hunger")) == len(view.homes()) == CITIZENS
    assert density.people == ROWS
    assert density.steps.max() == 255
    for measure in ("people", "residents"):
        assert zone_values(view, measure).sum() == CITIZENS + ROWS
    names = list(view.parameters.purposes)
    told = {name: int(count) for name, count in zip(names, density.doing, strict=False) if count}
    assert told == {str(name): count for name, count in view.model.crowd.doing.items() if count}


def test_a_model_without_a_crowd_has_no_density() -> None:
    assert LiveView(CityModel(small_town(), [], rng=5)).density() is None


def test_cells_count_people_and_those_beyond_at_the_border() -> None:
    grid = Grid.over((0.0, 0.0, 240.0, 120.0), np.empty((0, 2)))
    assert (grid.columns, grid.lines, grid.cell_m) == (240, 120, 1.0)
    cells = grid.cells(np.array([[0.5, 119.5], [0.5, 119.5], [239.5, 0.5], [900.0, -900.0]]))
    assert cells.tolist() == [0, 0, 240 * 120 - 1, 240 * 120 - 1]
    none = np.zeros(0, dtype=np.int64)
    density = grid.counted(np.append(cells[:2], 5), np.array([3]), present=none, residents=none)
    assert (density.most, density.people, density.bounds) == (2, 3, (0.0, 0.0, 240.0, 120.0))
    # Half of the most is the root of a half of the steps, rounded up.
    assert density.steps[0, :6].tolist() == [255, 0, 0, 0, 0, 181]


def test_nobody_makes_an_empty_density() -> None:
    grid = Grid.over((0.0, 0.0, 10.0, 10.0), np.empty((0, 2)))
    none = np.zeros(0, dtype=np.int64)
    density = grid.counted(none, np.zeros(3, dtype=np.int64), present=none, residents=none)
    assert (density.most, density.steps.max()) == (0, 0)
