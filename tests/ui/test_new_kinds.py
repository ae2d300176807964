"""A mode, a purpose and a need from a TOML file are drawn live, and in the replay of the run."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("solara")

from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from mesa_llm_city import City, CityModel, CityParameters, Clock
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.parameters.kind import KindSpec
from mesa_llm_city.ui import AgentCard, CityMap, LiveView, Needs, PlanView, Replay, TimeUse
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.charts.figures import DARK, LIGHT, ChartStyle
from mesa_llm_city.ui.export.html_replay import html_replay
from mesa_llm_city.ui.export.replay import replay_of
from mesa_llm_city.ui.map.canvas import Frame, look_traits, people_traits, trips_traits
from mesa_llm_city.ui.map.picture import MapPicture
from mesa_llm_city.ui.palette import LEVELS, colouring
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.protocols import CityView
from tests.ui.shown import show

TOML = """
[purposes.worship]
description = "a service in a place of worship"
places = ["amenity=place_of_worship"]
usual_min = 120
free_time_weight = 0.9
hours = "09:00-20:00"

[modes.scooter]
description = "a shared electric scooter"
speed_km_h = 15
constant = 3.0

[needs.esteem]
description = "being respected by others"
decay_per_h = 0.03
gains_per_h = { work = 0.1, social = 0.15 }
"""

SUNDAY = date(2024, 4, 7)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parameters") / "city.toml"
    path.write_text(TOML)
    return path


@pytest.fixture(scope="module")
def live(file: Path) -> LiveView:
    """Return the view of a model that stands in the first minute with somebody at worship."""
    parameters = CityParameters.read(file)
    city = City.synthetic(places=300, rng=1, parameters=parameters)
    model = CityModel(city, 30, rng=1, parameters=parameters, clock=Clock(start=SUNDAY))
    view = LiveView(model)
    worship = list(parameters.purposes).index("worship")
    while not (view.crowd().doing == worship).any() or not _has_scooter(view):
        model.step()
        assert model.minute < 24 * 60
    return view


@pytest.fixture(scope="module")
def replay(file: Path) -> Replay:
    """Return the replay of a saved run, read from its folder."""
    parameters = CityParameters.read(file)
    options = RunOptions(citizens=20, seed=1, start=SUNDAY, parameters=parameters)
    return Replay.read(run(options.with_(out=file.parent / "run")))


@pytest.fixture(params=["live", "replayed"])
def view(request: pytest.FixtureRequest, live: LiveView, replay: Replay) -> CityView:
    if request.param == "live":
        return live
    replay.go_to(replay.end)
    return replay


def _has_scooter(view: LiveView) -> bool:
    return bool((view.table("trips")["mode"] == "scooter").any())


def _texts(figure: Figure | None) -> str:
    assert figure is not None
    return "\n".join(one.get_text() for one in figure.findobj(Text))


def _colours(figure: Figure | None) -> set[str]:
    """Return the colours of the areas, bars and lines of a chart, without those of its legend."""
    assert figure is not None
    (axes,) = figure.axes
    areas = [one.get_facecolor() for one in axes.collections[:-1]]
    bars = [one.get_facecolor() for one in axes.patches]
    lines = [to_hex(one.get_color()) for one in axes.lines]
    return {to_hex(row) for drawn in (*areas, *bars) for row in np.atleast_2d(drawn)} | {*lines}


def _new(parameters: CityParameters) -> dict[str, KindSpec]:
    return {
        "worship": parameters.purposes["worship"],
        "scooter": parameters.modes["scooter"],
        "esteem": parameters.needs["esteem"],
    }


@pytest.mark.slow
def test_a_replay_has_the_parameters_of_the_run(live: LiveView, replay: Replay) -> None:
    assert replay.parameters == live.parameters


def test_new_kinds_have_derived_colours_that_no_built_in_kind_has(view: CityView) -> None:
    default = CityParameters()
    taken = {
        getattr(spec, name)
        for kinds in (default.purposes, default.modes, default.needs)
        for spec in kinds.values()
        for name in ("colour", "colour_dark")
    }
    for name, spec in _new(view.parameters).items():
        assert spec.label == name
        assert not {spec.colour, spec.colour_dark} & taken


@pytest.mark.parametrize("style", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("chart", "kind"), [("time_use", "worship"), ("trips", "scooter"), ("needs", "esteem")]
)
def test_charts_name_the_new_kind_and_draw_it_in_its_colour(
    view: CityView, chart: str, kind: str, style: ChartStyle
) -> None:
    drawn = CHARTS[chart].draw(view, style, NOBODY)
    assert re.search(rf"\b{kind} [\d.]+", drawn.description)
    assert kind in _texts(drawn.figure).split("\n")
    assert style.shade(_new(view.parameters)[kind]).lower() in _colours(drawn.figure)


@pytest.mark.parametrize(("by", "kind"), [("activity", "worship"), ("mode", "scooter")])
def test_the_map_tells_the_browser_label_and_colours(view: CityView, by: str, kind: str) -> None:
    look = look_traits(view.parameters, by, view.colours())
    spec = _new(view.parameters)[kind]
    at = look["colouring"]["labels"].index(kind)
    assert look["colouring"]["light"][at] == spec.colour
    assert look["colouring"]["dark"][at] == spec.colour_dark
    assert "worship" in look["activities"]
    assert "scooter" in look["mode_look"]["labels"]


def test_people_on_the_map_have_the_codes_of_the_new_kinds(live: LiveView) -> None:
    crowd, shown = live.crowd(), colouring("activity", live.parameters)
    codes = shown.codes(live.values("activity"))
    praying = crowd.doing == list(live.parameters.purposes).index("worship")
    assert {shown.labels[code] for code in codes[praying]} == {"worship"}
    packed = people_traits(Frame.of(live.basemap().bounds), crowd, codes)
    assert len(packed["state"]) == len(crowd)


def test_people_can_be_coloured_by_the_new_need(view: CityView) -> None:
    assert "esteem" in view.colours()
    levels = view.values("esteem")
    assert ((levels >= 0.0) & (levels < 1.0)).any()
    codes = colouring("esteem", view.parameters).codes(levels)
    assert (codes < LEVELS).all()


def test_trips_by_the_new_mode_are_lines_on_the_map(view: CityView) -> None:
    scooter = list(view.parameters.modes).index("scooter")
    frame = Frame.of(view.basemap().bounds)
    replay = replay_of(view)
    modes: set[int] = set()
    for minute in range(replay.end):
        replay.go_to(minute)
        modes |= set(trips_traits(frame, replay.under_way())["trip_modes"])
    assert scooter in modes


@pytest.mark.parametrize(
    ("by", "text"), [("activity", "worship"), ("mode", "scooter"), ("esteem", "esteem")]
)
def test_the_picture_of_the_map_names_the_new_kind(view: CityView, by: str, text: str) -> None:
    assert text in _texts(MapPicture(view, by=by).figure).split("\n")


def test_the_page_shows_the_new_kinds(live: LiveView) -> None:
    worship = list(live.parameters.purposes).index("worship")
    crowd = live.crowd()
    person = int(crowd.person[crowd.doing == worship][0])
    selected(live.model).value = person
    page = show(live.model, CityMap, TimeUse, Needs, AgentCard, PlanView)
    assert re.search(r"Now: worship at", page.texts())
    assert re.search(r"\d\d:\d\d worship", page.texts())
    assert "esteem" in page.texts()


def test_a_replayed_person_has_the_new_need(replay: Replay) -> None:
    replay.go_to(12 * 60)
    assert 0.0 <= replay.person(int(replay.history.ids[0])).needs["esteem"] < 1.0


def test_the_html_replay_holds_the_new_kinds(view: CityView) -> None:
    page = html_replay(view)
    found = re.search(r'id="run">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    held = json.loads(found[1])
    assert "worship" in held["activities"]
    assert held["colourings"]["activity"]["labels"][held["groups"][-2]] == "worship"
    assert "scooter" in held["colourings"]["mode"]["labels"]
    assert held["needs"][-1] == "esteem"
    assert held["colourings"]["esteem"]["title"] == "esteem"


def test_an_unknown_purpose_and_an_unknown_mode_have_the_unknown_colour() -> None:
    rows = np.array([0.0, 99.0])
    assert colouring("activity").codes(rows).tolist() == [0, LEVELS]
    assert colouring("mode").codes(np.array([4.0, 5.0])).tolist() == [4, LEVELS]
    assert colouring("activity").unknown == "other"
