"""Two runs of a small town that part in the morning: in the second, shops and a park are closed."""

from __future__ import annotations

from functools import cache

from mesa_llm_city import CityModel
from mesa_llm_city.simulation.saving import Snapshot, restored, snapshot
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.views.protocols import CityView, view_of
from tests.town import small_town, townspeople

__all__ = [
    "CLOSED",
    "EIGHT",
    "NAMES",
    "ONE",
    "moment_at_eight",
    "pair_at_one",
    "pair_of",
    "runs_until",
]

EIGHT, ONE = 8 * 60, 13 * 60
NAMES = ("first run", "closed")
CLOSED = {"kind": "close", "place_kind": ["amenity=school", "shop=supermarket"]}


@cache
def moment_at_eight() -> Snapshot:
    """Return the town at eight o'clock of the first day."""
    model = CityModel(small_town(), townspeople(40), rng=7)
    _live(model, EIGHT)
    return snapshot(model)


def runs_until(minute: int, other_minute: int | None = None) -> tuple[CityModel, CityModel]:
    """Return both runs at a minute, or the other one at a minute of its own."""
    shown, other = (restored(moment_at_eight()) for _ in range(2))
    other.act(CLOSED, who="somebody")
    _live(shown, minute)
    _live(other, minute if other_minute is None else other_minute)
    return shown, other


@cache
def _at_one() -> tuple[CityModel, CityModel]:
    return runs_until(ONE)


def pair_at_one() -> Pair:
    """Return both runs at one o'clock; they are shared by tests, and do not go on."""
    shown, other = _at_one()
    return pair_of(view_of(shown), view_of(other))


def pair_of(shown: CityView, other: CityView) -> Pair:
    """Return two runs that have parted at eight o'clock."""
    return Pair(shown=shown, other=other, names=NAMES, parted=EIGHT)


def _live(model: CityModel, minute: int) -> None:
    while model.minute < minute:
        model.step()
