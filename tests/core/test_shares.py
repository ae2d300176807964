"""Numbers in [0, 1] in 16 bits."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.shares import coded_shares, decoded_shares


def test_every_code_stands_for_one_number() -> None:
    codes = np.arange(60_001).astype(np.uint16)
    shares = decoded_shares(codes)
    assert (shares[0], shares[12_000], shares[-1]) == (0.0, 0.2, 1.0)
    assert (coded_shares(shares) == codes).all()


def test_numbers_are_rounded_to_the_nearest_code() -> None:
    shares = np.random.default_rng(1).random(500)
    assert decoded_shares(coded_shares(shares)) == pytest.approx(shares, abs=0.5001 / 60_000)


def test_decimals_of_four_digits_are_kept_as_they_are() -> None:
    decimals = [round(0.0001 * whole, 4) for whole in range(10_001)]
    assert decoded_shares(coded_shares(decimals)).tolist() == decimals
