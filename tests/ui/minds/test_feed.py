"""The feed has what went on in minds, the newest first, live and in a replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pytest

from mesa_llm_city.simulation.interventions import tell
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.ui.focus import TimeRange
from mesa_llm_city.ui.minds import feed_rows
from mesa_llm_city.ui.minds.feed import FeedWish, feed_data
from mesa_llm_city.ui.minds.feed_rows import KINDS, FeedFilter, all_rows, latest
from mesa_llm_city.ui.minds.rows import batches_back, has_rows, own_rows
from mesa_llm_city.ui.minds.widget import whole_number
from mesa_llm_city.ui.minds.words import Names, decided
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from tests.town import small_town, townspeople

_MANY = 100_000


@pytest.fixture(scope="module")
def model() -> CityModel:
    """Return a model after 20 hours, in which a message was told at noon."""
    news = tell(text="A water main has burst.", at="day 1 12:00", danger=0.5)
    records = RecordOptions(minds=100)
    model = CityModel(small_town(), townspeople(), rng=7, records=records, interventions=[news])
    while model.minute < 20 * 60:
        model.step()
    return model


def test_it_has_every_row_of_the_tables_once(view: CityView, model: CityModel) -> None:
    rows = latest(view, FeedFilter(), _MANY)
    counts = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    expected = {kind: len(getattr(model.records, kind)) for kind in KINDS if kind != "posts"}
    assert counts == {**expected, "posts": 0}
    assert counts["decisions"] > 100
    minutes = [row.minute for row in rows]
    assert minutes == sorted(minutes, reverse=True)


def test_the_latest_are_the_beginning_of_all(view: CityView) -> None:
    everything = latest(view, FeedFilter(), _MANY)
    few = latest(view, FeedFilter(), 20)
    assert [row.minute for row in few] == [row.minute for row in everything[:20]]


def test_it_can_be_of_some_hours(view: CityView) -> None:
    everything = latest(view, FeedFilter(), _MANY)
    morning = latest(view, FeedFilter(span=Span(420, 600)), _MANY)
    assert morning == [row for row in everything if 420 <= row.minute < 600]
    assert morning
    data = feed_data(view, FeedWish(count=2000), hours=TimeRange(420, 600))
    assert [one["minute"] for one in data["items"]] == [row.minute for row in morning]
    assert data["hours"] == "07:00-10:00, day 1"
    later = feed_data(view, FeedWish(), hours=TimeRange(23 * 60, 1440))
    assert (later["items"], later["hours"]) == ([], "23:00-24:00, not begun yet")
    assert "marked hours" in later["hint"]


def test_what_is_later_than_the_hours_does_not_end_the_search(
    view: CityView, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = FeedFilter(kinds=frozenset({"decisions"}), span=Span(420, 600))
    morning = latest(view, wanted, _MANY)
    assert len(morning) > 1

    def one_by_one(view: CityView, name: str) -> Iterator[pa.Table]:
        for batch in batches_back(view, name):
            yield from (batch.slice(at, 1) for at in reversed(range(batch.num_rows)))

    monkeypatch.setattr(feed_rows, "batches_back", one_by_one)
    monkeypatch.setattr(feed_rows, "_MOST_LOOKED_AT", 1)
    (found,) = latest(view, wanted, _MANY)
    assert found.minute == morning[0].minute
    assert found in morning


def test_it_is_filtered_by_kind_person_source_and_words(view: CityView) -> None:
    talks = latest(view, FeedFilter(kinds=frozenset({"conversations"})), _MANY)
    assert {row.kind for row in talks} == {"conversations"}
    person, name = talks[0].people[1]
    mine = latest(view, FeedFilter(person=person), _MANY)
    assert mine
    assert all(person in dict(row.people) for row in mine)
    named = latest(view, FeedFilter(text=name.upper()), _MANY)
    assert {row[:3] for row in mine} <= {row[:3] for row in named}
    by_rule = latest(view, FeedFilter(source="rule"), _MANY)
    assert {row.source for row in by_rule} == {"rule"}
    assert latest(view, FeedFilter(source="prompt"), _MANY) == []
    assert latest(view, FeedFilter(text="no such words"), _MANY) == []


def test_a_place_is_found_by_its_name(view: CityView, model: CityModel) -> None:
    chosen = model.decisions()
    choice = chosen[(chosen["component"] == "place_choice") & (chosen["choice"] != "none")].iloc[0]
    name = view.basemap().names[int(choice["choice"])]
    found = latest(view, FeedFilter(kinds=frozenset({"decisions"}), text=name), _MANY)
    assert any(row.title == f"chose to go to {name}" for row in found)


def test_messages_say_what_people_made_of_them(view: CityView) -> None:
    row = latest(view, FeedFilter(kinds=frozenset({"messages"})), 1)[0]
    assert "A water main has burst." in row.title
    assert "believe" in row.text
    assert row.thread >= 0


def test_all_rows_of_some_people_are_theirs(view: CityView) -> None:
    rows = list(all_rows(view, {3, 5}))
    assert rows
    assert all({3, 5} & set(dict(row.people)) for row in rows)


def test_a_replay_knows_nothing_of_the_future(model: CityModel) -> None:
    replay = Replay.of(model)
    replay.go_to(8 * 60)
    assert max(row.minute for row in latest(replay, FeedFilter(), 10)) < 8 * 60
    replay.go_to(0)
    assert latest(replay, FeedFilter(), 10) == []
    assert "Nothing has happened" in feed_data(replay, FeedWish())["hint"]


def test_rows_of_one_person_have_minutes(view: CityView) -> None:
    trips = own_rows(view, "trips", 5)
    assert set(trips["person"]) == {5}
    assert trips["start"].dtype.kind in "iu"
    assert (trips["start"] < view.minute).all()


def test_a_table_that_a_run_has_not_is_empty(view: CityView) -> None:
    assert list(batches_back(view, "posts")) == []
    assert has_rows(view, "messages")


def test_the_browser_gets_what_it_asked_for(view: CityView) -> None:
    data = feed_data(view, FeedWish(count=7), 5)
    assert len(data["items"]) == 7
    assert data["more"]
    assert data["selected"] == Names.of(view).person(5)
    assert [key for key, _ in data["kinds"]] == [*list(KINDS)[:3], "messages"]
    only = feed_data(view, FeedWish(only=True, count=2000), 5)
    assert not only["more"]
    assert all(5 in [person for person, _ in one["people"]] for one in only["items"])
    nothing = feed_data(view, FeedWish(text="no such words"))
    assert nothing["items"] == []
    assert "Nothing fits" in nothing["hint"]


def test_what_the_browser_sends_is_checked() -> None:
    wish = FeedWish().changed({"filter": {"kinds": ["decisions", "secrets"], "source": "x"}})
    assert (wish.kinds, wish.source) == (("decisions",), "")
    assert wish.changed({"count": 10**9}).count == 2000
    assert wish.changed({"count": "many"}) == wish
    assert len(wish.changed({"filter": {"text": "x" * 999}}).text) == 80
    assert wish.changed({"filter": 3}) == wish
    assert whole_number({"person": True}, "person") is None
    assert whole_number({}, "person") is None


def test_decisions_are_put_in_words() -> None:
    names = Names({4: "Ben Lund"}, ("Cafe Lux",))
    assert decided(names, "place_choice", "0") == "chose to go to Cafe Lux"
    assert decided(names, "place_choice", "none") == "found no place to go to"
    assert decided(names, "place_choice", "9") == "chose to go to place 9"
    assert decided(names, "contacts", "4") == "wished to talk to Ben Lund"
    assert decided(names, "own_part", "") == "own part"


def test_a_wish_can_be_compared() -> None:
    assert replace(FeedWish(), count=3) != FeedWish()
