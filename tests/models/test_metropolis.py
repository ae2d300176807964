"""A metropolis: crowd and thinking people as a hurricane comes, beside the day without it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from mesa_llm_city.models.metropolis.answers import SCRIPTED, answer, scripted_llm
from mesa_llm_city.models.metropolis.compare import changes
from mesa_llm_city.models.metropolis.model import Metropolis
from mesa_llm_city.models.metropolis.snapshots import HOURS, Grid, MetropolisDay
from mesa_llm_city.models.metropolis.storm import CLOSED_KINDS, WARNED_MIN, closings_and_warning

from mesa_llm_city import City, Clock, Crowd
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.experiments.crowd_results import crowd_findings, crowd_of, write_crowd
from mesa_llm_city.llm.base import Address, Message, Request

ROWS = 1000
HEED = """It is "12:05". Now: "work", "at home".
First said by: "authorities". Told by: "authorities", by "radio". Trust: {trust}.
Danger told: 8. Heard before: {before} times.
The person could:
1. "go on with what is planned"
2. "stay in until it is over"
"""


@cache
def town() -> City:
    return City.synthetic(rng=1, places=600)


@cache
def lived(*, warned: bool) -> Metropolis:
    """Return 1,000 rows and eight citizens at 16:00, an hour after gales have begun."""
    model = Metropolis(Crowd(ROWS, meets=False), 8, warned=warned, rng=7, city=town())
    while model.minute < 16 * 60:
        model.step()
    return model


def day(*, warned: bool) -> MetropolisDay:
    return lived(warned=warned).day()


def asked(purpose: str, text: str) -> Request:
    message = Message(role="user", content=text)
    return Request(model="-", messages=(message,), address=Address("1", 725, purpose))


def test_places_close_while_gales_blow_and_the_warning_comes_at_noon() -> None:
    warning, *closings, over = closings_and_warning(town(), Clock())
    assert (warning.kind, warning.time) == ("tell", WARNED_MIN)
    assert {one.kind for one in closings} == {"close"}
    assert {one.start for one in closings} == {15 * 60}
    assert {one.place_kind for one in closings} <= set(CLOSED_KINDS)
    assert over.time > 27 * 60


def test_more_of_the_crowd_is_at_home_after_the_closings_than_in_the_control() -> None:
    out = {one: day(warned=one).series.set_index("minute")["out"] for one in (True, False)}
    assert out[True][16 * 60] < 0.5 * out[False][16 * 60]
    assert np.abs(out[True].loc[: 8 * 60] - out[False].loc[: 8 * 60]).max() < 0.02


def test_everybody_is_in_a_cell_at_each_hour_that_is_kept() -> None:
    found = day(warned=True).densities
    assert list(found) == [hour for hour in HOURS if hour < 16]
    assert {int(one.sum()) for one in found.values()} == {ROWS}


def test_those_who_think_have_answered_and_stay_in() -> None:
    said = day(warned=True).said
    assert said
    assert {one.reaction for one in said} <= {"stay_in", "continue"}
    assert day(warned=False).said == ()


def test_changes_count_people_who_are_elsewhere() -> None:
    told = changes(day(warned=True), day(warned=False))
    assert told["people_elsewhere"]["4:00"] <= told["people_elsewhere"]["14:00"]
    assert told["out_after"][0] < told["out_after"][1]
    same = changes(day(warned=True), day(warned=True))
    assert set(same["people_elsewhere"].values()) == {0}


def test_many_rows_heed_the_warning_and_nobody_does_without_one() -> None:
    staying, none = changes(day(warned=True), day(warned=False))["decided_to_stay_in"]
    assert none == 0
    assert ROWS // 4 < staying <= ROWS


def test_the_picture_is_drawn_with_and_without_a_control(tmp_path: Path) -> None:
    from mesa_llm_city.models.metropolis.pictures import draw_day

    figure = draw_day(day(warned=True), day(warned=False))
    figure.savefig(tmp_path / "both.png", dpi=30)
    assert (tmp_path / "both.png").stat().st_size > 0
    titles = [axes.get_title(loc="left") for axes in lived(warned=False).draw().axes]
    assert "09:00" in titles
    assert not any("change" in one for one in titles)


def test_a_save_keeps_what_the_metropolis_has_seen() -> None:
    model = lived(warned=True)
    other = Metropolis(50, 2, rng=7, city=town())
    other.restore(json.loads(json.dumps(model.state())))
    assert np.array_equal(other.densities[9], model.densities[9])
    assert other.warned


@pytest.mark.parametrize(
    ("trust", "before", "choice", "informs"), [(9, 0, 2, True), (1, 0, 1, False), (3, 2, 2, True)]
)
def test_a_scripted_person_acts_on_what_is_believed(
    trust: int,
    before: int,
    choice: int,
    informs: bool,  # noqa: FBT001 - a case
) -> None:
    requests = [
        asked("heed", HEED.format(trust=trust, before=before).replace("12:05", f"12:{minute}"))
        for minute in range(10, 40)
    ]
    said = [json.loads(answer(one)) for one in requests]
    assert {one["informs"] for one in said} == {informs}
    most = sum(one["choice"] == choice for one in said)
    assert most > 0.7 * len(said)


def test_a_scripted_person_eats_when_hungry_but_not_at_work() -> None:
    text = (
        'Now: "{now}", until "10:55".\nIt happens: "hunger has fallen low".\n'
        '1. "go on with what is planned"\n2. "eat something now, then go on"\n'
    )
    choices = [
        json.loads(answer(asked("react", text.format(now=now))))["choice"]
        for now in ("leisure", "work")
    ]
    assert choices == [2, 1]


def test_answers_are_named_as_scripted() -> None:
    assert scripted_llm().spec.model == SCRIPTED


def test_cells_cover_all_places() -> None:
    grid = Grid.over(town())
    assert grid.x[-1] > town().places.x.max()
    assert grid.y[0] <= town().places.y.min()


def test_options_out_of_range_are_all_named() -> None:
    with pytest.raises(ConfigError, match=r"citizens must be at least 0.*warned must be"):
        Metropolis(10, -1, warned="yes")
    with pytest.raises(ConfigError, match="crowd must be a whole number"):
        Metropolis(2.5)


def test_a_run_gives_its_crowd_to_models_that_take_one() -> None:
    options = RunOptions(model="metropolis", crowd=30)
    assert crowd_of(options, Metropolis)["crowd"].people == 30
    assert crowd_of(RunOptions(), Metropolis) == {}
    from mesa_llm_city.models.town_day.model import TownDay

    with pytest.raises(ConfigError, match="town_day takes no crowd"):
        crowd_of(RunOptions(crowd=30), TownDay)
    with pytest.raises(ConfigError, match="this run has no crowd; add --crowd N"):
        crowd_of(RunOptions(crowd_tables=True), TownDay)


def test_a_run_takes_a_million_rows_unless_another_number_is_given() -> None:
    assert RunOptions.load(model="metropolis").crowd == 1_000_000
    assert RunOptions.load(model="metropolis", crowd=7).crowd == 7
    assert "crowd" not in RunOptions().to_dict()


def test_counts_of_the_crowd_are_written_beside_those_of_citizens(tmp_path: Path) -> None:
    import pandas as pd

    model = lived(warned=True)
    write_crowd(tmp_path, model)
    modes = pd.read_parquet(tmp_path / "crowd" / "hourly_modes.parquet")
    assert int(modes["trips"].sum()) == crowd_findings(model)["crowd"]["trips"] > 0
