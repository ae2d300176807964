"""Popularity and density against counts, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from mesa_llm_city.experiments.observed.counts import read_counts
from mesa_llm_city.experiments.observed.popularity import read_popularity
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.density import Mesh, density
from mesa_llm_city.experiments.validation.popularity import match_places, popularity
from mesa_llm_city.experiments.validation.run_tables import RunTables
from tests.experiments.lives import CAFE, HOME, PARK, PLACES, SHOP, Stay, Way, lives

VISITS = {SHOP: 3, CAFE: 1, PARK: 2}


def _file(folder: Path, *lines: str) -> Path:
    file = folder / "table.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _visitors() -> RunTables:
    """Return three people, of whom 3, 1 and 2 visit the shop, the cafe and the park."""
    stays: list[Stay] = []
    ways: list[Way] = []
    for person in range(3):
        stays.append((person, 0.0, 10.0, "rest", HOME))
        for row, (place, count) in enumerate(VISITS.items()):
            if person < count:
                stays.append((person, 10.0 + row, 11.0 + row, "leisure", place))
                ways.append((person, 10.0 + row, HOME, place, "leisure", "walk"))
        stays.append((person, 13.0, 24.0, "rest", HOME))
    return lives(stays, days=1, ways=ways, people=[{}] * 3)


def _degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = Transformer.from_crs("EPSG:32628", "EPSG:4326", always_xy=True).transform(x, y)
    return float(lon), float(lat)


def test_ranks_of_visitors_and_users(tmp_path: Path) -> None:
    rows = ("p2,30,a", "p3,10,a", "p4,20,b", "p1,99,b", "elsewhere,5,a", "other,50,b")
    observed = read_popularity(_file(tmp_path, "id,n_users,kind", *rows))
    found = popularity(_visitors(), observed, Bootstrap(3, draws=5))
    everywhere, _, visits, visitors, gini = found.measures
    assert everywhere.name == "all places: rank correlation of visits and users"
    # The place of work, which has the most users, is visited by nobody.
    assert everywhere.value == pytest.approx(-0.2)
    assert visitors.value == visits.value == pytest.approx(1.0)
    assert visitors.n == 3
    # Kinds a, a and b are told 5, 5 and 50: ranks 1.5, 1.5, 3 against 3, 1, 2.
    assert next(iter(visitors.naive.values())) == pytest.approx(0.0)
    assert gini.value == pytest.approx((2.0 * (1 * 0 + 2 * 1 + 3 * 2 + 4 * 3) / 6 - 5) / 4)
    assert gini.reference is not None
    assert gini.reference.value == pytest.approx((2.0 * (10 + 40 + 90 + 4 * 99) / 159 - 5) / 4)


def test_places_without_ids_are_found_by_position(tmp_path: Path) -> None:
    near, far = _degrees(1010.0, 20.0), _degrees(1600.0, 0.0)
    rows = (f"{near[0]},{near[1]},4", f"{far[0]},{far[1]},5")
    observed = read_popularity(_file(tmp_path, "lon,lat,users", *rows))
    found = match_places(_visitors(), observed)
    assert (found.place.tolist(), found.row.tolist()) == ([CAFE], [0])


def test_a_mesh_counts_points_by_cell() -> None:
    mesh = Mesh.over(np.array([10.0, 990.0]), np.array([-5.0, 480.0]), 500.0)
    assert (mesh.columns, mesh.rows) == (2, 2)
    cell = mesh.cell(np.array([10.0, 990.0, 5000.0]), np.array([-5.0, 480.0, 0.0]))
    assert cell.tolist() == [0, 3, -1]
    assert mesh.sums(cell, np.array([2.0, 3.0, 9.0])).tolist() == [2.0, 0.0, 0.0, 3.0]


def _counts(folder: Path, counts: dict[int, float], hour: int | None = None) -> Path:
    rows = []
    for place, count in counts.items():
        lon, lat = _degrees(*PLACES[place][:2])
        rows.append(f"{lon},{lat},{count}" + ("" if hour is None else f",{hour}"))
    return _file(folder, "lon,lat,count" + ("" if hour is None else ",hour"), *rows)


def test_arrivals_that_are_as_counted_agree_in_every_measure(tmp_path: Path) -> None:
    observed = read_counts(_counts(tmp_path, {place: 10.0 * n for place, n in VISITS.items()}))
    found = density(_visitors(), observed, Bootstrap(3, draws=2), cell_m=400.0).measures
    assert [one.value for one in found] == pytest.approx([1.0, 1.0, 0.0, 1.0], abs=1e-6)
    # Every place alike tells 12 arrivals each, of which 30, 10 and 20 were counted.
    share = next(iter(found[3].naive.values()))
    assert share == pytest.approx(1 / 6 + 1 / 5 + 1 / 5)


def test_people_present_are_counted_by_the_hour(tmp_path: Path) -> None:
    # At 10 all three are in the shop; at 9 they are at home.
    at_ten = read_counts(_counts(tmp_path, {SHOP: 8.0}, hour=10))
    found = density(_visitors(), at_ten, Bootstrap(3, draws=2), cell_m=400.0)
    assert found.measures[0].name == "present at 10:00: Pearson's correlation over the cells"
    assert found.measures[3].value == pytest.approx(1.0)
    at_nine = read_counts(_counts(tmp_path, {SHOP: 8.0}, hour=9))
    found = density(_visitors(), at_nine, Bootstrap(3, draws=2), cell_m=400.0)
    assert found.measures[3].value == pytest.approx(0.0)


def test_counts_elsewhere_are_noted(tmp_path: Path) -> None:
    lon, lat = _degrees(90_000.0, 0.0)
    observed = read_counts(_file(tmp_path, "lon,lat,count", f"{lon},{lat},5"))
    found = density(_visitors(), observed, Bootstrap(3, draws=2), cell_m=400.0)
    assert found.notes == ("no count lies where the run has places",)
