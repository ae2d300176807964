"""A person of a finished run is described in plain sentences."""

from __future__ import annotations

import pytest

from mesa_llm_city.ui.views.replay_person import described


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "living alone"), (2, "living with 1 other"), (4, "living with 3 others")],
)
def test_a_household_is_counted_without_the_person(size: int, words: str) -> None:
    told = described(
        {
            "name": "Ann",
            "age": 30,
            "gender": "female",
            "occupation": "office_worker",
            "education": "high",
            "income": 1.0,
            "household_size": size,
            "hobbies": "",
        }
    )
    assert told.endswith(f"median income, {words}.")
