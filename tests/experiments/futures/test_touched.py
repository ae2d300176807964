"""For whom two futures differ: those whom the change concerns, and those who meet them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from mesa_llm_city import CityModel
from mesa_llm_city.experiments import fork
from tests.experiments.futures.lives import NOON, PATIENT, at_noon, fall_ill, ill_or_not, leave

WINDOW_MIN = 5


def _stays(model: CityModel) -> Iterator[tuple[int, int, int, int]]:
    """Yield person, start, end and place of all stays since noon, in minutes."""
    rows = model.activities()
    start = pd.Timestamp(model.clock.at(0))
    for column in ("start", "end"):
        rows[column] = (rows[column] - start) // pd.Timedelta(minutes=1)
    rows = rows[(rows["end"] > NOON) & rows["place"].notna()]
    yield from rows[["person", "start", "end", "place"]].itertuples(index=False, name=None)


def _contacts(model: CityModel) -> list[tuple[int, int, int]]:
    """Return since when, in minutes, and who of two people can have met, or have talked."""
    stays = list(_stays(model))
    found = [
        (max(start, begin, NOON), person, other)
        for person, start, end, place in stays
        for other, begin, finish, there in stays
        if person != other and place == there
        if start <= finish + WINDOW_MIN and begin <= end + WINDOW_MIN
    ]
    talks = model.conversations()
    times = (talks["time"] - pd.Timestamp(model.clock.at(0))) // pd.Timedelta(minutes=1)
    for minute, one, other in zip(times, talks["person"], talks["other"], strict=True):
        found += [(minute, one, other), (minute, other, one)] if minute >= NOON else []
    return sorted(found)


def _reached(models: list[CityModel]) -> dict[int, int]:
    """Return whom word of the patient can have reached, and when at the earliest."""
    contacts = sorted(one for model in models for one in _contacts(model))
    reached, before = {PATIENT: NOON}, 0
    while len(reached) > before:
        before = len(reached)
        for minute, one, other in contacts:
            # Two who stay at one place can meet at any minute of it.
            if one in reached:
                reached[other] = min(reached.get(other, 10**9), max(minute, reached[one]))
    return reached


def test_only_who_meets_the_patient_or_somebody_who_has_is_touched() -> None:
    futures = fork(at_noon(25), {"control": [], "ill": [fall_ill]}, seeds=1)
    rows = futures.touched()
    reached = _reached([models[0] for models in futures.models.values()])
    assert PATIENT in set(rows["person"])
    assert set(rows["person"]) <= set(reached)
    assert 1 < len(rows) <= len(reached) < 25
    for person, minute in zip(rows["person"], rows["minute"], strict=True):
        assert minute + WINDOW_MIN >= reached[person]


def test_a_row_tells_the_first_difference_of_a_person() -> None:
    futures = ill_or_not()
    rows = futures.touched()
    assert rows["person"].is_unique
    assert rows["minute"].is_monotonic_increasing
    assert (rows["minute"] >= NOON).all()
    assert (rows["control"] != rows["ill"]).all()
    first = rows[rows["person"] == PATIENT].to_dict("records")[0]
    household = {one.id: one.household.id for one in futures.models["ill"][0].population}
    assert first["household"] == household[PATIENT]
    assert first["time"] == pd.Timestamp("2024-04-01") + pd.Timedelta(minutes=first["minute"])


def test_until_the_first_difference_the_rows_of_a_person_are_the_same() -> None:
    futures = ill_or_not()
    control, ill = (futures.models[name][0] for name in ("control", "ill"))
    frames = [model.decisions() for model in (control, ill)]
    for person, time in futures.touched()[["person", "time"]].itertuples(index=False):
        before, after = (
            one[(one["person"] == person) & (one["time"] < time)][["time", "component", "choice"]]
            for one in frames
        )
        assert before.astype(str).to_numpy().tolist() == after.astype(str).to_numpy().tolist()


def test_who_leaves_for_good_is_touched_when_the_futures_part() -> None:
    futures = fork(at_noon(), {"control": [], "gone": [leave]}, seeds=1)
    rows = futures.touched().set_index("person")
    assert PATIENT in rows.index
    assert rows.loc[PATIENT, "minute"] == NOON
    assert rows.loc[PATIENT, "gone"] == ""
