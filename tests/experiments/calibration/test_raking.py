"""Rows of a table that are scaled to means over some of them, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.experiments.calibration.noise import Gaps
from mesa_llm_city.experiments.calibration.raking import extended, raked
from mesa_llm_city.experiments.calibration.table_rows import RowShares


def _rows(about: list[list[int]], people: list[float]) -> RowShares:
    """Return cells over three rows, which count alike in each."""
    mask = np.array(about, dtype=np.bool_)
    return RowShares(
        about=mask,
        weights=mask / mask.sum(axis=1, keepdims=True),
        people=np.array(people),
        reached=np.ones(mask.shape[1], dtype=np.bool_),
        ages=np.array([20.0, 30.0, 50.0]),
    )


def _gaps(size: list[float], variance: float = 0.0) -> Gaps:
    return Gaps(np.array(size), np.full(len(size), variance))


def test_rows_of_a_cell_share_a_change_in_proportion_to_their_values() -> None:
    factor = raked(np.array([100.0, 20.0, 7.0]), _rows([[1, 1, 0]], [10.0]), _gaps([30.0]))
    # The mean of 60 is to become 90; the third row is in no cell.
    assert factor == pytest.approx([1.5, 1.5, 1.0])


def test_cells_that_overlap_are_all_met() -> None:
    values, rows = np.array([100.0, 20.0, 30.0]), _rows([[1, 1, 1], [1, 0, 0]], [30.0, 10.0])
    factor = raked(values, rows, _gaps([10.0, -40.0]))
    assert rows.weights @ (values * factor) == pytest.approx([60.0, 60.0], abs=0.5)


def test_a_difference_within_the_noise_changes_nothing() -> None:
    factor = raked(np.array([100.0, 20.0, 7.0]), _rows([[1, 1, 0]], [10.0]), _gaps([30.0], 901.0))
    assert factor == pytest.approx([1.0, 1.0, 1.0])


def test_what_cells_have_in_common_is_evidence_that_each_lacks() -> None:
    # Each gap of 10 is within its noise of 12; their mean has a noise of 12 / sqrt(3).
    rows = _rows([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [10.0, 10.0, 10.0])
    factor = raked(np.full(3, 100.0), rows, _gaps([10.0, 10.0, 10.0], 144.0))
    assert factor == pytest.approx(np.full(3, 1.0 + (10.0 - 48.0 / 10.0) / 100.0))


def test_a_mean_changes_threefold_at_most_and_one_of_nothing_stays() -> None:
    factor = raked(
        np.array([10.0, 0.0, 0.0]), _rows([[1, 0, 0], [0, 1, 0]], [1, 1]), _gaps([99, 9])
    )
    assert factor[0] == pytest.approx(3.0)
    assert np.isfinite(factor).all()


def test_rows_that_no_cell_is_about_follow_their_neighbours_in_age() -> None:
    rows = _rows([[1, 0, 0], [0, 0, 1]], [10.0, 10.0])
    factor = np.array([1.0, 1.0, 8.0]).reshape(1, 3, 1, 1, 1)
    # Age 30 is a third of the way from 20 to 50: the cube root of 8.
    assert extended(factor, rows).ravel() == pytest.approx([1.0, 2.0, 8.0])
    nobody = rows._replace(reached=np.array([True, False, True]))
    assert extended(factor, nobody).ravel() == pytest.approx([1.0, 1.0, 8.0])


def test_cells_that_say_nothing_change_neither_themselves_nor_others() -> None:
    rows = _rows([[1, 0, 0], [0, 1, 0]], [10.0, 1000.0])
    gaps = Gaps(np.array([10.0, 900.0]), np.array([0.0, np.inf]))
    factor = raked(np.array([100.0, 1.0, 1.0]), rows, gaps)
    assert factor[0] == pytest.approx(1.1)
