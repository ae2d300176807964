"""The day of one person, and networks of people, live and in a replay."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.simulation.interventions import tell
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.ui.focus import Emphasis, TimeRange, emphasis, time_range
from mesa_llm_city.ui.minds import networks
from mesa_llm_city.ui.minds.day import DayTimeline, day_data
from mesa_llm_city.ui.minds.feed import Feed
from mesa_llm_city.ui.minds.network import Network
from mesa_llm_city.ui.minds.networks import TALKS, TIES, network_data
from mesa_llm_city.ui.minds.ties_among import known_among
from mesa_llm_city.ui.minds.widget import MindsWidget
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople
from tests.ui.shown import show

_PERSON = 5


@pytest.fixture(scope="module")
def model() -> CityModel:
    """Return a model after 20 hours, in which a message was told at noon."""
    news = tell(text="A water main has burst.", at="day 1 12:00", danger=0.5)
    records = RecordOptions(minds=100)
    model = CityModel(small_town(), townspeople(), rng=7, records=records, interventions=[news])
    while model.minute < 20 * 60:
        model.step()
    return model


class TestDay:
    def test_it_has_no_gaps_until_now(self, view: CityView) -> None:
        data = day_data(view, view.person(_PERSON))
        done = [one for one in data["entries"] if one["status"] != "next"]
        assert done[0]["start"] == 0
        assert [one["end"] for one in done[:-1]] == [one["start"] for one in done[1:]]
        assert done[-1]["start"] <= view.minute <= done[-1]["end"]
        assert all(one["end"] <= DAY_MIN for one in data["entries"][:-1])

    def test_every_choice_stands_where_it_was_made(self, view: CityView) -> None:
        seen = view.person(_PERSON)
        data = day_data(view, seen)
        reasons = [
            (entry["start"], note)
            for entry in data["entries"]
            for note in entry["notes"]
            if note["kind"] == "why"
        ]
        made = seen.decisions[seen.decisions["choice"] != "continue"]
        assert len(reasons) == len(made)
        texts = [note["text"] for _, note in reasons]
        assert all(any(reason in text for text in texts) for reason in made["reason"])

    def test_colours_are_those_of_the_map_on_light_and_on_dark_ground(self, view: CityView) -> None:
        data = day_data(view, view.person(_PERSON))
        (sleep,) = {one["colour"] for one in data["entries"] if one["label"] == "sleep"}
        purpose = view.parameters.purposes["sleep"]
        assert sleep == f"light-dark({purpose.colour}, {purpose.colour_dark})"
        (energy,) = [one["colour"] for one in data["needs"] if one["label"] == "energy"]
        need = view.parameters.needs["energy"]
        assert energy == f"light-dark({need.colour}, {need.colour_dark})"

    def test_ways_say_by_what_and_how_far(self, view: CityView, model: CityModel) -> None:
        trips = model.trips()
        person = int(trips["person"].iloc[0])
        data = day_data(view, view.person(person))
        ways = [one["how"] for one in data["entries"] if one["how"]]
        assert len(ways) == (trips["person"] == person).sum()
        assert ways[0].endswith(" km")

    def test_needs_go_from_midnight_to_now(self, view: CityView) -> None:
        needs = day_data(view, view.person(_PERSON))["needs"]
        assert {one["label"] for one in needs} == {"hunger", "energy", "safety", "social"}
        for one in needs:
            minutes = [minute for minute, _ in one["levels"]]
            assert (minutes[0], minutes[-1]) == (0, view.minute)
            assert all(0.0 <= level <= 1.0 for _, level in one["levels"])

    def test_both_views_tell_the_same(self, model: CityModel) -> None:
        live, replay = LiveView(model), Replay.of(model)
        replay.go_to(model.minute)
        told = [
            [one["notes"] for one in day_data(view, view.person(_PERSON))["entries"]][:8]
            for view in (live, replay)
        ]
        assert told[0] == told[1]


class TestNetwork:
    def test_it_has_the_closest_people_of_the_selected_one(self, view: CityView) -> None:
        data = network_data(view, TIES, _PERSON)
        assert data["choice"] == TIES
        own = [one["id"] for one in data["nodes"] if one["own"]]
        assert own == [_PERSON]
        ids = [one["id"] for one in data["nodes"]]
        assert ids[1:] == view.person(_PERSON).ties["other"].head(24).tolist()
        assert {end for one in data["edges"] for end in (one["from"], one["to"])} <= set(ids)

    def test_without_a_person_it_has_talks(self, view: CityView, model: CityModel) -> None:
        data = network_data(view, TIES)
        assert data["choice"] == TALKS
        assert f"{len(model.conversations()):,} talks" in data["summary"]
        assert all(0.0 < one["weight"] <= 1.0 for one in data["edges"])

    def test_it_shows_who_told_whom(self, view: CityView, model: CityModel) -> None:
        keys = dict(network_data(view, TALKS)["choices"])
        key = next(one for one in keys if one.startswith("message:"))
        assert "A water main has burst" in keys[key]
        data = network_data(view, key)
        messages = model.messages()
        number = int(key.partition(":")[2])
        heard = messages[messages["message"] == number]
        assert {one["id"] for one in data["nodes"]} == set(heard["person"])
        minutes = [one["minute"] for one in data["nodes"]]
        assert minutes == sorted(minutes)
        assert data["timed"]

    def test_the_household_of_a_person_can_be_chosen(
        self, view: CityView, model: CityModel
    ) -> None:
        data = network_data(view, TIES, _PERSON, group="household")
        personas = [one.citizen.persona for one in model.citizens]
        own = next(one.household.id for one in personas if one.id == _PERSON)
        family = {one.id for one in personas if one.household.id == own}
        assert {one["id"] for one in data["nodes"]} == family
        assert len(family) > 1
        assert dict(data["groups"])["household"].startswith("the household of ")
        pairs = [{one["from"], one["to"]} for one in data["edges"]]
        assert all(pair <= family for pair in pairs)
        known = view.person(_PERSON).ties["other"]
        assert {one for pair in pairs if _PERSON in pair for one in pair} - {_PERSON} == (
            family & set(known)
        )

    def test_a_zone_can_be_chosen_for_ties_talks_and_messages(
        self, view: CityView, model: CityModel
    ) -> None:
        zones = dict(network_data(view, TALKS)["groups"])
        assert all(label.startswith("those who live in ") for label in list(zones.values())[1:])
        key = next(one for one in zones if one.startswith("zone:"))
        where = model.city.places.zone
        there = {
            one.person
            for one in model.citizens
            if where[one.citizen.persona.home] == int(key.removeprefix("zone:"))
        }
        message = next(
            one for one, _ in network_data(view, TALKS)["choices"] if one.startswith("message:")
        )
        for choice in (TIES, TALKS, message):
            data = network_data(view, choice, group=key)
            assert (data["choice"], data["group"]) == (choice, key)
            assert {one["id"] for one in data["nodes"]} <= there
        assert {one["id"] for one in network_data(view, TIES, group=key)["nodes"]} == there

    def test_posts_of_a_group_are_counted_and_shown_however_many_others_wrote(
        self, view: CityView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = network_data(view, TIES, _PERSON, group="household")
        family = {one["id"] for one in data["nodes"]}
        others = [one for one in view.crowd().person.tolist() if one not in family][:2]
        posts = pa.table(
            {
                "time": [60, 70, 80, 90],
                "post": [0, 1, 2, 3],
                "parent": [-1, 0, 1, 2],
                "root": [0, 0, 0, 0],
                "person": [None, *others, _PERSON],
                "kind": ["original", "reply", "reply", "reply"],
                "stance": [0.0, 0.5, 0.5, 0.5],
                "topic": ["tea", "tea", "tea", "tea"],
            }
        )
        monkeypatch.setattr(
            networks, "batches_back", lambda _, name: iter([posts] if name == "posts" else [])
        )
        monkeypatch.setattr(networks, "_TOLD", 3)
        data = network_data(view, "post:0", _PERSON, group="household")
        assert [one["id"] for one in data["nodes"]] == [_PERSON]
        assert data["summary"].startswith("1 post of 1 person.")
        data = network_data(view, "post:0", _PERSON)
        assert [one["id"] for one in data["nodes"]] == others
        assert data["summary"].startswith("4 posts of 3 people; the first 3 are drawn.")

    def test_all_who_heard_a_message_count_though_not_all_are_drawn(
        self, view: CityView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard = {
            "time": [60, 61, 62],
            "message": [0, 0, 0],
            "person": [1, 2, 3],
            "sender": [None, 1, 1],
            "believed": [True, True, True],
            "text": ["flood", "flood", "flood"],
        }
        monkeypatch.setattr(
            networks,
            "batches_back",
            lambda _, name: iter([pa.table(heard)] if name == "messages" else []),
        )
        monkeypatch.setattr(networks, "_TOLD", 2)
        data = network_data(view, "message:0")
        assert [one["id"] for one in data["nodes"]] == [1, 2]
        told = "3 people heard it, 2 of them from others; the first 2 are drawn."
        assert data["summary"].startswith(told)

    def test_of_one_talk_and_one_hearer_it_says_so(
        self, view: CityView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        talk = {"time": [view.minute], "person": [1], "other": [2], "outcome": ["neutral"]}
        heard = {
            "time": [60, 60],
            "message": [0, 0],
            "person": [_PERSON, _PERSON],
            "sender": pa.array([None, None], type=pa.int64()),
            "believed": [True, True],
            "text": ["flood", "flood"],
        }
        tables = {"conversations": pa.table(talk), "messages": pa.table(heard)}
        monkeypatch.setattr(
            networks, "batches_back", lambda _, name: iter([tables[name]] if name in tables else [])
        )
        data = network_data(view, TALKS)
        assert data["summary"].startswith("1 talk; the 2 people")
        assert {one["note"] for one in [*data["nodes"], *data["edges"]]} == {"1 talk"}
        assert network_data(view, "message:0")["summary"].startswith("1 person heard it, 0 of them")

    def test_those_who_are_marked_can_be_chosen(self, view: CityView) -> None:
        crowd, purposes = view.crowd(), list(view.parameters.purposes)
        doing = purposes[int(crowd.doing[0])]
        wanted = Emphasis(purposes=frozenset({doing}))
        data = network_data(view, TIES, group="marked", wanted=wanted)
        expected = crowd.person[crowd.doing == crowd.doing[0]]
        assert {one["id"] for one in data["nodes"]} == set(expected.tolist())
        assert network_data(view, TIES, group="marked")["group"] == ""
        nobody = Emphasis(purposes=frozenset({"flying"}))
        data = network_data(view, TIES, group="marked", wanted=nobody)
        assert (data["nodes"], data["summary"]) == ([], "")
        assert "None of these people" in data["hint"]

    def test_of_a_large_group_those_are_shown_who_know_most_of_it(
        self, view: CityView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        often = np.bincount(view.crowd().doing).argmax()
        wanted = Emphasis(purposes=frozenset({list(view.parameters.purposes)[often]}))
        whole = network_data(view, TIES, group="marked", wanted=wanted)
        people = [one["id"] for one in whole["nodes"]]
        counts = known_among(view, np.array(people))
        ties = [set(view.person(one).ties["other"]) & set(people) for one in people]
        assert counts.tolist() == [len(one) for one in ties]
        assert len(people) > 2
        monkeypatch.setattr(networks, "_AMONG", 2)
        few = network_data(view, TIES, group="marked", wanted=wanted)
        best = sorted(zip(-counts, people, strict=True))[:2]
        assert {one["id"] for one in few["nodes"]} == {one for _, one in best}
        assert "The 2 who know most of them are shown." in few["summary"]

    def test_an_unknown_choice_stands_for_the_first(self, view: CityView) -> None:
        assert network_data(view, "message:9999")["choice"] == TALKS

    def test_before_anything_it_says_what_to_do(self, model: CityModel) -> None:
        replay = Replay.of(model)
        replay.go_to(0)
        data = network_data(replay, TALKS)
        assert (data["nodes"], data["summary"]) == ([], "")
        assert data["hint"]


def test_panels_show_the_city_and_select_people(model: CityModel) -> None:
    selected(model).value = -1
    page = show(
        model,
        lambda one: Feed(one, minute=model.minute),
        lambda one: Network(one, minute=model.minute),
        DayTimeline,
    )
    feed, network, day = (one for one in page.widgets() if isinstance(one, MindsWidget))
    assert [one.panel for one in (feed, network, day)] == ["feed", "network", "day"]
    assert day.data["hint"]
    feed.wanted = {"person": _PERSON, "at": 1}
    assert selected(model).value == _PERSON
    network.wanted = {"choice": TALKS, "at": 2}
    assert network.data["choice"] == TALKS
    emphasis(model).set(Emphasis(modes=frozenset({"walk"})))
    network.wanted = {"group": "marked", "at": 5}
    assert (network.data["choice"], network.data["group"]) == (TALKS, "marked")
    emphasis(model).set(Emphasis())
    assert network.data["group"] == ""
    assert day.data["name"] == model.citizens[_PERSON].persona.name
    feed.wanted = {"filter": {"kinds": ["conversations"], "only": True}, "at": 3}
    assert {one["kind"] for one in feed.data["items"]} <= {"conversations"}
    time_range(model).set(TimeRange(480, 540))
    assert {one["minute"] // 60 for one in feed.data["items"]} <= {8}
    assert feed.data["hours"] == "08:00-09:00, day 1"
    feed.wanted = {"hours": "", "at": 4}
    assert (time_range(model).value, feed.data["hours"]) == (None, "")
