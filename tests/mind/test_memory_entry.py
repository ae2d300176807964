"""Recency and salience of memories."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.mind import recency, salience


def test_half_is_left_after_some_138_hours() -> None:
    # ln .5 / ln .995 = 138.28, with the constant of Generative Agents.
    assert float(recency(138.28 * 60, kept_per_h=0.995)) == pytest.approx(0.5, abs=1e-4)


def test_it_broadcasts_and_falls() -> None:
    fallen = recency(np.arange(0, 5000, 60), kept_per_h=0.995)
    assert fallen[0] == 1.0
    assert (np.diff(fallen) < 0.0).all()


def test_salience_is_the_distance_of_a_score_from_neutral_or_rarity_whichever_is_more() -> None:
    found = salience([0.5, 0.0, 0.6, np.nan], [4, 2, 2, 8])
    np.testing.assert_allclose(found, [0.25, 1.0, 0.5, 0.125])
