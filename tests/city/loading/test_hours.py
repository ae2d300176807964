"""Opening hours of files: each is used, or counted and noted; holidays are those of the country."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError

ASCENSION = date(2024, 5, 9)
"""A public holiday in Finland, none in Brazil."""


def city_with(folder: Path, *hours: str, country: str | None = None) -> City:
    """Return a city of cafés in Helsinki with these opening hours."""
    n = len(hours)
    frame = pd.DataFrame(
        {
            "lon": 24.94 + 0.001 * np.arange(n),
            "lat": [60.17] * n,
            "category": ["amenity=cafe"] * n,
            "opening_hours": hours,
        }
    )
    frame.to_csv(folder / "cafes.csv", index=False)
    return City.from_files(folder / "cafes.csv", residences=50, country=country)


def test_a_rule_for_public_holidays_leaves_the_other_days_open(tmp_path: Path) -> None:
    city = city_with(tmp_path, "PH,Mo-Su 08:00-22:00", "Mo-Su 08:00-22:00; PH off")
    both = np.array([0, 1])
    for day in range(6, 9):
        assert city.open_now(both, date(2024, 5, day), 480, 1320).all()
    assert city.open_now(both, ASCENSION, 480, 1320).tolist() == [True, False]
    assert not city.open_now(both, ASCENSION, 470, 1320).any()
    assert "2 opening hours name public holidays: those of Europe/Helsinki count" in city.summary()


def test_the_country_may_be_given(tmp_path: Path) -> None:
    city = city_with(tmp_path, "Mo-Su 08:00-22:00; PH off", country="br")
    only = np.array([0])
    assert city.open_now(only, ASCENSION, 600, 660).all()
    assert not city.open_now(only, date(2024, 9, 7), 600, 660).any()
    assert not city.open_now(only, ASCENSION, 600, 660, {ASCENSION}).any()
    with pytest.raises(ConfigError, match="no public holidays are known for country 'Suomi'"):
        city_with(tmp_path, "24/7", country="Suomi")


def test_hours_that_say_nothing_are_counted_with_their_wording(tmp_path: Path) -> None:
    city = city_with(tmp_path, "hours vary", "hours vary", "by appointment", "SH off", "Mo 08:00+")
    start = "4 opening hours could not be read; those of the kind are used: 'hours vary' 2, "
    assert start in city.summary()
    assert city.open_now(np.arange(5), date(2024, 5, 8), 600, 660).tolist() == [True] * 4 + [False]


def test_school_holidays_have_no_calendar_and_that_is_noted(tmp_path: Path) -> None:
    city = city_with(tmp_path, "Mo-Fr 08:00-16:00; SH Mo-Fr 10:00-12:00")
    assert city.open_now(np.array([0]), date(2024, 7, 3), 480, 960).all()
    assert "1 opening hours name school holidays: there is no calendar" in city.summary()
