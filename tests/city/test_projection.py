"""Degrees become metres of the right zone, and wrong systems are refused."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.projection import Projection, degrees_are_valid, utm_crs
from mesa_llm_city.core.errors import ConfigError


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [(139.7, 35.7, "EPSG:32654"), (-51.2, -30.0, "EPSG:32722"), (180.0, 10.0, "EPSG:32601")],
)
def test_the_zone_is_that_of_the_middle(lon: float, lat: float, crs: str) -> None:
    assert utm_crs(np.array([lon]), np.array([lat])) == crs


def test_a_kilometre_is_a_kilometre() -> None:
    x, y = Projection("EPSG:32654").project(np.array([141.0, 141.0]), np.array([35.0, 35.009]))
    assert np.hypot(*np.diff([x, y])).item() == pytest.approx(998.0, abs=2.0)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", "nonsense"])
def test_systems_that_do_not_measure_metres_are_refused(crs: str) -> None:
    with pytest.raises(ConfigError, match="EPSG:32654"):
        Projection(crs)


def test_coordinates_beyond_the_globe_and_unknown_ones_are_not_valid() -> None:
    lon, lat = np.array([0.0, 181.0, 0.0, np.nan]), np.array([90.0, 0.0, -91.0, 0.0])
    assert degrees_are_valid(lon, lat).tolist() == [True, False, False, False]
