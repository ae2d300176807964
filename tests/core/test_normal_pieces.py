"""Normal numbers from pieces are those of the exact inverse, but for a millionth."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.normal_pieces import COUNT, MIDDLE


def test_normal_numbers_are_the_inverse_but_for_a_millionth() -> None:
    share = np.linspace(0.0, 1.0, 400_000)[1:-1]
    assert np.abs(normal_of(share) - ndtri(share)).max() < 1e-6


def test_numbers_go_on_from_piece_to_piece_and_at_the_ends() -> None:
    bounds = np.append(np.arange(8, COUNT - 7) / COUNT, 0.5 + MIDDLE)
    below, above = normal_of(bounds - 1e-12), normal_of(bounds + 1e-12)
    assert (above > below).all()
    assert (above - below).max() < 1e-9
    assert np.abs(normal_of(bounds) + normal_of(1.0 - bounds)).max() < 1e-12


def test_numbers_have_the_shape_of_what_they_are_drawn_by() -> None:
    assert normal_of(0.5).shape == ()
    assert float(normal_of(0.5)) == 0.0
    assert normal_of([[0.1, 0.2]]).shape == (1, 2)
    assert len(normal_of([])) == 0
