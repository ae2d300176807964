"""Intervals over persons."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Measure, Reference

VALUES = np.random.default_rng(5).normal(10.0, 2.0, 400)


def _mean(count: Float) -> Float:
    return np.atleast_1d(count @ VALUES / count.sum())


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    found = Bootstrap(400, draws=400).estimate(_mean)
    half = 1.96 * VALUES.std() / np.sqrt(400)
    assert found.value[0] == pytest.approx(VALUES.mean())
    assert (found.high - found.low)[0] / 2 == pytest.approx(half, rel=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    assert Bootstrap(400, seed=3).estimate(_mean).low == Bootstrap(400, seed=3).estimate(_mean).low
    assert Bootstrap(400, seed=3).estimate(_mean).low != Bootstrap(400, seed=4).estimate(_mean).low


def test_resamples_without_the_figure_are_left_out() -> None:
    def first_only(count: Float) -> Float:
        return np.array([1.0 if count[0] else np.nan, np.nan])

    found = Bootstrap(5).estimate(first_only)
    assert found.low[0] == found.high[0] == 1.0
    assert np.isnan(found.low[1])


@pytest.mark.parametrize(
    ("value", "better", "naive", "reference", "verdict"),
    [
        (3.0, "lower", 1.9, None, "worse"),
        (1.0, "lower", 1.9, None, "better"),
        (1.8, "lower", 1.9, None, "as naive"),
        (0.9, "higher", 0.5, None, "better"),
        (0.9, "nearer", 0.5, 0.6, "worse"),
        (0.9, "nearer", 0.5, None, ""),
    ],
)
def test_a_verdict_looks_at_the_interval(
    value: float, better: str, naive: float, reference: float | None, verdict: str
) -> None:
    measure = Measure(
        name="one",
        value=value,
        interval=(value - 0.15, value + 0.15),
        better=better,  # type: ignore[arg-type]
        naive={"told": naive},
        reference=None if reference is None else Reference(reference, "people"),
        n=1,
        units="persons",
    )
    assert measure.verdict == verdict
