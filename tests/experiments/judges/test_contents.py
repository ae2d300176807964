"""What items show, worked by hand."""

from __future__ import annotations

import pytest

from mesa_llm_city.experiments.judges.contents import CONTENTS, Occasion
from mesa_llm_city.experiments.judges.item import ItemKind
from tests.experiments.judges.sources import activities, at, conversations, source

DAY = "2024-04-01"


def lines(kind: ItemKind, person: int = 1, moment: str = DAY, **frames: object) -> tuple[str, ...]:
    return CONTENTS[kind].lines(source(**frames), Occasion(person, moment))  # type: ignore[arg-type]


def test_a_routine_has_kinds_of_place_and_modes_but_no_names() -> None:
    assert lines("routine") == (
        "00:00-07:00 sleep, home",
        "07:00-08:00 meal, home",
        "08:00-08:20 travel, bus",
        "08:20-17:00 work, work or school",
        "17:00-00:00 care of others, ice cream",
    )


def test_equal_activities_one_after_the_other_are_one_line() -> None:
    day = activities().assign(purpose="rest", place=10)
    assert lines("routine", activities=day) == ("00:00-00:00 rest, home",)


def test_an_activity_is_cut_at_midnight() -> None:
    day = activities()
    day.loc[0, "start"] = at("00:00")[0] - (at("02:00")[0] - at("00:00")[0])
    assert lines("routine", activities=day)[0] == "00:00-07:00 sleep, home"


def test_trips_have_mode_length_and_time() -> None:
    assert lines("mobility") == ("08:00 bus to work or school for work, 3.1 km, 20 min",)


def test_only_days_with_trips_show_mobility() -> None:
    assert CONTENTS["mobility"].occasions(source()) == [Occasion(1, DAY)]
    assert len(CONTENTS["routine"].occasions(source())) == 3


def test_the_day_on_which_a_run_ends_is_no_whole_day() -> None:
    half = activities()
    half["end"] = half["end"].where(half["end"] < at("17:30")[0], at("17:30")[0])
    assert CONTENTS["routine"].occasions(source(activities=half)) == []


def test_a_dialogue_has_letters_for_names() -> None:
    assert lines("dialogue", moment="0") == (
        "face to face, work or school, about museums",
        "A: Hello B.",
        "B: Hi A, have you seen somebody?",
    )


def test_conversations_without_words_show_nothing() -> None:
    assert CONTENTS["dialogue"].occasions(source()) == [Occasion(1, "0")]
    assert not CONTENTS["dialogue"].occasions(source(conversations=conversations(words="")))


def test_a_reaction_shows_what_was_done_before_and_after_the_message() -> None:
    assert lines("reaction", moment="0") == (
        "07:30-08:00 meal, home",
        "08:00-08:20 travel, bus",
        "08:20-08:30 work, work or school",
        "08:30 hears by radio from authorities: A storm is coming.",
        "08:30-11:30 work, work or school",
    )


@pytest.mark.parametrize("kind", CONTENTS)
def test_no_item_tells_a_name_of_a_person_or_why_somebody_decided(kind: ItemKind) -> None:
    run = source()
    shown = [
        line for one in CONTENTS[kind].occasions(run) for line in CONTENTS[kind].lines(run, one)
    ]
    assert shown
    assert not any(name in line for line in shown for name in ("Ada", "Ben", "Cy", "Xu", "Lo"))
