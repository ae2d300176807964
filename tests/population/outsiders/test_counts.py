"""Tables of counts of people who enter, and whole persons made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import DataError, Outsiders
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.outsiders import EntryCount, Gate, OutsiderRole
from mesa_llm_city.population.outsiders.making import whole_groups

NUMBERS = CityParameters().population.outsiders


def test_a_file_is_read_with_names_points_kinds_of_day_and_dates(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    text = (
        "station,lon,lat,role,day_type,hour,count\n"
        "West,,,commuter,weekday,8,40.5\n"
        ",139.7,35.6,Visitor,2024-04-06,13,7\n"
        "West,,,visitor,,14,2\n"
    )
    file.write_text(text, encoding="utf-8")
    commuter, visitor = OutsiderRole
    assert Outsiders.from_counts(file).counts == (
        EntryCount(Gate("West"), commuter, "weekday", 8, 40.5),
        EntryCount(Gate("", 139.7, 35.6), visitor, "2024-04-06", 13, 7.0),
        EntryCount(Gate("West"), visitor, "all", 14, 2.0),
    )


def test_one_message_lists_every_defect() -> None:
    table = pd.DataFrame(
        {
            "gate": ["West", "", "West"],
            "role": ["comuter", "visitor", "visitor"],
            "day": ["monday", "all", "all"],
            "hour": [24, 8.5, 8],
            "count": [-1, "many", 3],
        }
    )
    with pytest.raises(DataError) as found:
        Outsiders.from_counts(table)
    for word in ("role", "day", "hour", "count", "gate"):
        assert f"{word}: " in str(found.value)
    assert "did you mean 'commuter'?" in str(found.value)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"gate": ["W"], "role": ["visitor"], "hour": [8]}, "count"),
        ({"role": ["visitor"], "hour": [8], "count": [1]}, "lon and lat"),
        ({"gate": ["W"], "role": ["visitor"], "hour": [8], "count": [1], "hours": [1]}, "unknown"),
    ],
)
def test_missing_and_unknown_columns_are_named(
    columns: dict[str, list[object]], problem: str
) -> None:
    with pytest.raises(DataError, match=problem):
        Outsiders.from_counts(pd.DataFrame(columns))


def test_the_same_row_twice_is_a_defect() -> None:
    row = {"gate": "West", "role": "visitor", "hour": 8, "count": 1}
    with pytest.raises(DataError, match=r"row 2: .* row 1 already"):
        Outsiders.from_counts(pd.DataFrame([row, row]))


def test_counts_are_rounded_so_that_the_sum_over_gates_and_hours_is_right() -> None:
    # Four gates with .4 each on two hours: 3.2 people, of whom none would be left if each
    # gate were rounded by itself.
    counts = [
        EntryCount(Gate(name), OutsiderRole.COMMUTER, "all", hour, 0.4)
        for name in "ABCD"
        for hour in (8, 9)
    ]
    groups = whole_groups(counts, seed=7, parameters=NUMBERS)
    assert int(np.sum([group.entries.members for group in groups])) == 3


def test_as_many_visitors_take_turns_as_days_per_week_ask_for() -> None:
    counts = [EntryCount(Gate("A"), OutsiderRole.VISITOR, "all", 13, 10.0)]
    weekly = whole_groups(counts, seed=7, parameters=NUMBERS)
    daily = CityParameters().with_("population.outsiders.visitors.days_per_week", 7.0)
    assert weekly[0].entries.members == 70
    of_daily = whole_groups(counts, seed=7, parameters=daily.population.outsiders)
    assert of_daily[0].entries.members == 10


def test_ids_lie_beyond_those_taken_and_stay_when_another_group_grows() -> None:
    def ids(count: float) -> list[range]:
        counts = [
            EntryCount(Gate("A"), OutsiderRole.COMMUTER, "all", 8, count),
            EntryCount(Gate("B"), OutsiderRole.COMMUTER, "all", 8, 2.0),
        ]
        return [one.ids for one in whole_groups(counts, seed=7, parameters=NUMBERS, taken=400)]

    assert ids(3.0)[1] == ids(30.0)[1]
    assert ids(3.0)[0].start > 400
    assert not set(ids(30.0)[0]) & set(ids(30.0)[1])
