"""Who lives differently: the list, its search, its words, and the component that shows it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.experiments.futures.first_differences import NONE
from mesa_llm_city.ui.comparing.differences import Differences, differences
from mesa_llm_city.ui.comparing.differing import DifferingWish, WhoDiffers, differing_data
from mesa_llm_city.ui.person.selection import NOBODY, selected
from mesa_llm_city.ui.views.protocols import view_of
from tests.ui.comparing.parted import pair_at_one, pair_of, runs_until
from tests.ui.shown import Shown, show

_LIMIT_S = 20.0


def _data(found: Differences | None = None, **wish: Any) -> dict[str, Any]:  # noqa: ANN401
    one = differences(pair_at_one()) if found is None else found
    return differing_data(one, Clock(), DifferingWish(**wish))


def test_the_first_difference_comes_first_with_what_each_run_had() -> None:
    items = _data()["items"]
    first = items[0]
    assert first["name"] == "Anton Maeda"
    assert first["when"] == "Mon\N{NO-BREAK SPACE}08:03"
    assert first["sides"] == [
        "work at River Street Food Hall, Mon 05:51 to Mon 11:20",
        "work at River Street Food Hall, Mon 05:51 to Mon 08:03",
    ]
    whens = [one["when"] for one in items]
    assert whens == sorted(whens)


def test_the_decision_behind_it_is_told_with_its_reason_and_who_took_it() -> None:
    first = _data()["items"][0]
    assert first["why"] == ""
    assert first["decided"][0] == "no decision then"
    assert first["decided"][1].startswith("because: reacted: leave (it is closed: ")
    shopping = next(one for one in _data(tables=("trips",))["items"])
    assert shopping["decided"][0] == (
        "because: chose to go to Heron Avenue Food Hall (0.38 km, p 0.480 of 6 places), by rule"
    )
    assert "Lark Row Corner Shop" in shopping["decided"][1]


def test_a_decision_of_another_time_is_not_told_beside_it() -> None:
    found = differences(pair_at_one())
    first = found.first
    rows = np.arange(len(first))
    times = [[one.row.get("time") for one in first.decided_told(rows, side)] for side in (0, 1)]
    told = [one["decided"] for one in _data(found)["items"]]
    for one, other, decided in zip(*times, told, strict=True):
        assert (decided[0] == "no decision then") == (one is None or one > (other or one))
        assert (decided[1] == "no decision then") == (other is None or other > (one or other))
    # The same, where the first run decides nothing at all.
    alone = replace(first, decisions=np.column_stack([rows * 0 + NONE, first.decisions[:, 1]]))
    item = _data(replace(found, first=alone))["items"][0]
    assert item["decided"][0] == "no decision then"
    assert item["decided"][1].startswith("because: reacted: leave")


def test_a_later_decision_is_no_reason_and_none_is_said_to_be_none() -> None:
    found = differences(pair_at_one())
    first = found.first
    later = replace(found, first=replace(first, decided=first.minute + 5))
    assert _data(later)["items"][0]["decided"][1].startswith(
        "It came from outside, or from others; later, at Mon\N{NO-BREAK SPACE}08:08: reacted:"
    )
    nothing = np.full(len(first), NONE)
    without = replace(first, decided=nothing, decisions=np.column_stack([nothing, nothing]))
    item = _data(replace(found, first=without))["items"][0]
    assert item["why"].startswith("No decision of their own differs")
    assert item["decided"] == []
    # Rows of a crowd and runs that keep no decisions do not know it.
    one, other = first.frames["decisions"]
    frames = {**first.frames, "decisions": (one.iloc[:0], other.iloc[:0])}
    unknown = replace(found, first=replace(without, frames=frames))
    assert _data(unknown)["items"][0]["why"].startswith("Their decisions were not written down")


def test_how_many_live_differently_is_told_with_their_share() -> None:
    data = _data()
    count = len(data["items"])
    assert data["count"] == count
    assert data["summary"] == (
        f"{count} people live differently, {count / 40:.1%} of 40, from "
        "Mon\N{NO-BREAK SPACE}08:00 to Mon\N{NO-BREAK SPACE}13:00."
    )


def test_people_are_found_by_a_part_of_the_name_or_the_id() -> None:
    assert [one["name"] for one in _data(text=" MAEDA")["items"]] == ["Anton Maeda"]
    person = _data()["items"][0]["person"]
    assert [one["person"] for one in _data(text=f"{person}")["items"]] == [person]
    nobody = _data(text="nobody of this name")
    assert (nobody["items"], nobody["hint"][:11]) == ([], "Nobody fits")


def test_the_list_can_be_cut_to_tables_and_comes_in_pages() -> None:
    everybody = _data()["items"]
    trips = _data(tables=("trips",))["items"]
    assert trips == [one for one in everybody if one["kind"] == "trips"]
    assert 0 < len(trips) < len(everybody)
    page = _data(count=1)
    assert (page["items"], page["more"], page["count"]) == (everybody[:1], True, len(everybody))


def test_who_is_in_one_run_only_is_named_as_such() -> None:
    shown, other = runs_until(9 * 60)
    gone = other.citizens[0].person
    other.citizens[0].remove()
    for model in (shown, other):
        model.step()
    found = differences(pair_of(view_of(shown), view_of(other)))
    item = next(one for one in _data(found)["items"] if one["person"] == gone)
    assert item["note"] == "not in closed now"
    assert "not in this run, or gone from it" in item["sides"]


def test_a_wish_takes_up_what_the_browser_sends_and_nothing_else() -> None:
    wish = DifferingWish().changed({"filter": {"kinds": ["trips", "gossip"], "text": "an"}})
    assert wish == DifferingWish(tables=("trips",), text="an")
    assert wish.changed({"count": 100}).count == 100
    assert wish.changed({"count": "many"}) == wish
    assert wish.changed({"count": 10**9}).count == 2000


def _panel(page: Shown) -> Any:  # noqa: ANN401 - a widget
    end_s = time.monotonic() + _LIMIT_S
    while not (found := page.of_kind("MindsWidget")):
        assert time.monotonic() < end_s, page.texts()
        time.sleep(0.01)
    return found[0]


def test_the_component_lists_them_and_a_name_selects_the_person() -> None:
    pair = pair_at_one()
    choice = selected(pair.shown)
    choice.set(NOBODY)
    page = show(pair, WhoDiffers)
    panel = _panel(page)
    assert panel.panel == "differing"
    names = [one["name"] for one in panel.data["items"]]
    assert "Anton Maeda" in names
    panel.wanted = {"filter": {"kinds": ["activities"], "text": "maeda"}, "count": 50, "at": 1}
    assert [one["name"] for one in panel.data["items"]] == ["Anton Maeda"]
    person = panel.data["items"][0]["person"]
    panel.wanted = {"person": person, "at": 2}
    assert choice.value == person
    choice.set(NOBODY)


def test_at_the_minute_at_which_they_part_nobody_is_missing() -> None:
    found = differences(pair_of(*map(view_of, runs_until(480))))
    assert found.people == 0
    assert _data(found)["hint"].startswith("Up to this minute both runs are one")
