"""Runs made by hand, as sources of items."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mesa_llm_city.experiments.judges import ItemSource

NAMES = {1: "Ada Lo", 2: "Ben Ito", 3: "Cy Xu"}


def at(*clocks: str) -> pd.DatetimeIndex:
    """Return times of the first day; 24:00 is the next midnight."""
    return pd.DatetimeIndex(
        [
            pd.Timestamp("2024-04-01") + pd.Timedelta(hours=int(one[:2]), minutes=int(one[3:]))
            for one in clocks
        ]
    )


def people(**changes: object) -> pd.DataFrame:
    """Return three people who live at place 10; the first two work at place 11."""
    columns: dict[str, object] = {
        "id": [1, 2, 3],
        "name": [*NAMES.values()],
        "age": [46, 30, 9],
        "gender": ["male", "female", "female"],
        "occupation": ["office_worker", "retail_worker", "student"],
        "household_role": ["parent", "single", "child"],
        "household_size": [3, 1, 3],
        "hobbies": ["museums", "", "swimming"],
        "work_days": [31, 3, 0],
        "home_place": [10, 10, 10],
        "work_place": pd.array([11, 11, None], dtype="Int64"),
    }
    return pd.DataFrame(columns | changes)


def activities() -> pd.DataFrame:
    """Return a day of person 1, one of person 2 who only sleeps, and of 3 who only rests."""
    return pd.DataFrame(
        {
            "person": [1, 1, 1, 1, 1, 2, 3],
            "start": at("00:00", "07:00", "08:00", "08:20", "17:00", "00:00", "00:00"),
            "end": at("07:00", "08:00", "08:20", "17:00", "24:00", "24:00", "24:00"),
            "purpose": ["sleep", "meal", "travel", "work", "care_of_others", "sleep", "rest"],
            "place": pd.array([10, 10, None, 11, 12, 10, 10], dtype="Int64"),
        }
    )


def trips() -> pd.DataFrame:
    """Return the way of person 1 to work."""
    return pd.DataFrame(
        {
            "person": [1],
            "start": at("08:00"),
            "destination": [11],
            "purpose": ["work"],
            "mode": ["bus"],
            "distance_m": [3140.0],
            "travel_min": [19.6],
        }
    )


def conversations(
    words: str = "Ada Lo: Hello Ben.\nBen Ito: Hi Ada, have you seen Cy Xu?",
) -> pd.DataFrame:
    """Return a talk in words, and one without."""
    return pd.DataFrame(
        {
            "person": [1, 1],
            "other": [2, 3],
            "channel": ["face to face", "phone"],
            "place": pd.array([11, None], dtype="Int64"),
            "topic": ["museums", "home"],
            "words": [words, ""],
        }
    )


def messages() -> pd.DataFrame:
    """Return a warning that person 1 hears on the radio at 08:30."""
    return pd.DataFrame(
        {
            "person": [1],
            "time": at("08:30"),
            "channel": ["radio"],
            "source": ["authorities"],
            "sender": pd.array([None], dtype="Int64"),
            "text": ["A storm is coming."],
        }
    )


def source(
    name: str = "one", decided: str = "no language model was used", **frames: pd.DataFrame
) -> ItemSource:
    """Return a run of one day; tables given replace those above."""
    usual: Mapping[str, pd.DataFrame] = {
        "activities": activities(),
        "trips": trips(),
        "conversations": conversations(),
        "messages": messages(),
    }
    return ItemSource(
        frames={name: frames.get(name, frame) for name, frame in usual.items()},
        people=frames.get("people", people()),
        kinds={10: "building=house", 11: "office=company", 12: "amenity=ice_cream"},
        facts={"run": name, "decided": decided, "seed": 7, "digest": "0"},
    )
