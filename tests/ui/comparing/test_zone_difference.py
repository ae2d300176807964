"""Zones of one run minus those of another, by numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.zone_difference import (
    ZoneDifference,
    are_zones_equal,
    shared_measures,
    zone_difference,
)
from mesa_llm_city.ui.palette import LEVELS
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.zone_measures import zone_measures
from tests.ui.shown import lived

MIDDLE = LEVELS // 2
NAN = float("nan")


def _difference(
    here: list[float], there: list[float], measure: str = "people", label: str = "people there now"
) -> ZoneDifference:
    return ZoneDifference(
        measure=measure,
        label=label,
        names=("first run", "flood"),
        zones=("Old Town", "Docks", "Hill", "Field")[: len(here)],
        here=np.array(here),
        there=np.array(there),
    )


class TestCounts:
    def test_are_the_other_run_minus_the_shown_one(self) -> None:
        one = _difference([40.0, 3.0, 5.0], [52.0, 0.0, 5.0])
        assert one.values.tolist() == [12.0, -3.0, 0.0]
        assert one.words() == [
            "12 more: 52 in flood, 40 in first run",
            "3 fewer: 0 in flood, 3 in first run",
            "no difference: 5 in both",
        ]
        assert one.summary() == (
            "2 of 3 zones differ by people there now. Old Town: 12 more. Docks: 3 fewer."
        )

    def test_have_a_scale_as_long_on_both_sides(self) -> None:
        look = _difference([40.0, 3.0], [52.0, 0.0]).look()
        assert (look.low, look.high) == (-12.0, 12.0)
        assert look.ends == ("12 fewer", "12 more")
        assert look.title == "people there now: flood minus first run"

    def test_have_the_middle_colour_only_where_nothing_differs(self) -> None:
        # 1 of 100 is less than half a step of 100 / 7.
        one = _difference([0.0, 0.0, 2.0, 9.0], [100.0, 1.0, 1.0, 9.0])
        assert one.codes().tolist() == [LEVELS - 1, MIDDLE + 1, MIDDLE - 1, MIDDLE]

    def test_that_are_equal_reach_from_one_fewer_to_one_more(self) -> None:
        one = _difference([4.0, 4.0], [4.0, 4.0])
        assert one.look().ends == ("1 fewer", "1 more")
        assert one.codes().tolist() == [MIDDLE, MIDDLE]
        assert one.summary() == "No zone differs by people there now."


class TestMeans:
    def test_are_not_known_where_one_run_does_not_know_them(self) -> None:
        one = _difference([0.5, NAN, 0.25], [0.75, 0.5, NAN], "hunger", "mean hunger")
        assert one.codes().tolist() == [LEVELS - 1, LEVELS, LEVELS]
        assert one.words() == [
            "0.25 better met: 0.75 in flood, 0.50 in first run",
            "not known in both runs",
            "not known in both runs",
        ]
        assert one.summary() == "1 of 1 zones differ by mean hunger. Old Town: 0.25 better met."

    @pytest.mark.parametrize(
        ("measure", "ends"),
        [
            ("hunger", ("0.25 more pressing", "0.25 better met")),
            ("mood", ("0.25 worse", "0.25 better")),
            ("belief", ("0.25 liked less", "0.25 liked more")),
            ("income", ("0.25 x median less", "0.25 x median more")),
        ],
    )
    def test_say_what_less_and_more_are(self, measure: str, ends: tuple[str, str]) -> None:
        assert _difference([0.5], [0.25], measure).look().ends == ends

    def test_are_listed_by_the_size_of_the_difference(self) -> None:
        one = _difference([0.5, NAN, 0.25, 0.5], [0.5, 0.5, 1.0, 0.25], "hunger", "mean hunger")
        assert one.rows() == [
            ["Hill", "0.25", "1.00", "0.75 better met"],
            ["Field", "0.50", "0.25", "0.25 more pressing"],
            ["Old Town", "0.50", "0.50", "no difference"],
            ["Docks", "not known", "0.50", "not known in both"],
        ]
        assert one.to_frame()["difference"].tolist()[:3] == [0.75, -0.25, 0.0]

    def test_that_nobody_knows_are_no_difference(self) -> None:
        one = _difference([NAN], [0.5], "mood", "mean mood")
        assert one.look().ends == ("0.01 worse", "0.01 better")
        assert one.summary() == "Of mean mood, nothing is known in both runs."

    def test_of_hardly_any_difference_are_pale(self) -> None:
        one = _difference([0.5, 0.5], [0.502, 0.5], "mood", "mean mood")
        assert one.look().high == 0.01
        assert one.codes().tolist() == [MIDDLE + 1, MIDDLE]


@pytest.fixture(scope="module")
def pair() -> Pair:
    """Return a city at noon, and the same city of which a zone was closed at seven."""
    model = lived(84)
    other: CityModel = restored(snapshot(model))
    where = np.bincount(other.city.places.zone[[one.place for one in _citizens(other)]])
    other.act({"kind": "close", "zone": other.city.zones.names[int(where.argmax())]}, who="test")
    for _ in range(60):
        model.step()
        other.step()
    return Pair(shown=LiveView(model), other=LiveView(other), names=("as it was", "closed"))


def _citizens(model: CityModel) -> list[Citizen]:
    return [agent.citizen for agent in model.citizens]


class TestRuns:
    def test_people_who_leave_a_closed_zone_are_in_others(self, pair: Pair) -> None:
        one = zone_difference(pair, "people")
        assert one.here.sum() == one.there.sum() == len(pair.shown.crowd())
        assert one.values.min() < 0 < one.values.max()
        assert zone_difference(pair, "residents").summary() == "No zone differs by residents."

    def test_every_measure_that_both_know_can_be_compared(self, pair: Pair) -> None:
        names = [one["name"] for one in shared_measures(pair)]
        assert names == list(zone_measures(pair.shown))
        for name in names:
            assert len(zone_difference(pair, name).codes()) == len(pair.shown.basemap().areas)

    def test_what_a_finished_run_does_not_keep_cannot(self, pair: Pair) -> None:
        assert isinstance(pair.shown, LiveView)
        replay = Replay.of(pair.shown.model)
        replay.go_to(pair.minute)
        kept = replace(pair, other=replay)
        missing = set(zone_measures(pair.shown)) - {one["name"] for one in shared_measures(kept)}
        assert missing == set(zone_measures(pair.shown)) - set(zone_measures(replay))
        with pytest.raises(ConfigError, match="zones cannot be coloured by 'wind'"):
            zone_difference(kept, "wind")

    def test_of_one_city_have_equal_zones(self, pair: Pair) -> None:
        one, other = pair.shown.basemap(), pair.other.basemap()
        assert are_zones_equal(one, other)
        assert not are_zones_equal(one, replace(other, area_names=("elsewhere",)))
        assert not are_zones_equal(one, replace(other, zones=other.zones[1:]))
        moved = tuple(outline + 1.0 for outline in other.zones)
        assert not are_zones_equal(one, replace(other, zones=moved))
