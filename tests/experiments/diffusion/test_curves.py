"""Curves of awareness and emotion."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.diffusion import (
    awareness_curve,
    emotion_peaks,
    emotion_shares,
    emotional_density,
    time_to_share,
)

NEVER = float("nan")


class TestAwareness:
    def test_people_who_never_hear_are_counted_in_the_share(self) -> None:
        curve = awareness_curve([5.0, 5.0, 65.0, NEVER, np.inf], [0, 5, 60, 1000])
        assert curve.tolist() == [0.0, 0.4, 0.4, 0.6]

    def test_the_time_to_a_share_is_where_the_curve_reaches_it(self) -> None:
        minutes = np.random.default_rng(7).exponential(100.0, 200)
        for share in (0.1, 0.5, 0.9, 1.0):
            at = time_to_share(minutes, share)
            assert awareness_curve(minutes, [at])[0] >= share
            assert awareness_curve(minutes, [at - 1e-6])[0] < share

    def test_a_share_of_everybody_may_never_be_reached(self) -> None:
        minutes = [0.0, 10.0, NEVER, NEVER]
        assert time_to_share(minutes, 0.9) == 10.0
        assert time_to_share(minutes, 0.9, of="everybody") == float("inf")

    def test_nobody_who_knows_gives_infinity(self) -> None:
        assert time_to_share([NEVER], 0.5) == float("inf")

    def test_three_of_thirty_are_a_tenth(self) -> None:
        assert time_to_share(np.arange(30.0), 0.1) == 2.0

    @pytest.mark.parametrize(("share", "of"), [(0.0, "reached"), (1.1, "reached"), (0.5, "all")])
    def test_what_is_no_share_is_refused(self, share: float, of: str) -> None:
        with pytest.raises(ConfigError, match="must be"):
            time_to_share([1.0], share, of=of)


class TestEmotion:
    def test_an_intensity_at_a_cut_belongs_to_the_higher_level(self) -> None:
        assert emotion_shares([1 / 3, 2 / 3]).tolist() == [0.0, 0.5, 0.5]

    def test_the_density_is_the_share_that_is_not_calm(self) -> None:
        rows = np.random.default_rng(7).random((5, 40))
        assert np.allclose(emotional_density(rows), 1.0 - emotion_shares(rows)[:, 0])

    def test_those_who_do_not_know_lower_the_density(self) -> None:
        assert emotional_density([0.9, 0.9], people=8) == 0.25

    def test_two_communities_one_after_the_other_give_two_peaks(self) -> None:
        hours = np.arange(100.0)
        first, second = (0.3 * np.exp(-((hours - at) ** 2) / 50.0) for at in (20.0, 70.0))
        assert emotion_peaks(first + second).tolist() == [20, 70]

    def test_a_ripple_is_no_peak(self) -> None:
        assert emotion_peaks([0.0, 0.40, 0.38, 0.40, 0.0], prominence=0.05).size == 1

    def test_an_intensity_over_one_is_refused(self) -> None:
        with pytest.raises(DataError, match="intensity must be in"):
            emotion_shares([1.2])
