"""Draws of one address at a time are those of columns, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from mesa_llm_city.core.draw_loops import (
    fill_uniforms,
    gumbel_at,
    normal_at,
    normals_at,
    share_below,
    two_uniforms_at,
    uniform_at,
)
from mesa_llm_city.core.inverse_draws import gumbel_of, normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.streams import uniforms, word_of
from tests.loops import FORMS, loops

BOUNDS = [0.0, 2.0**-53, 1e-17, 1 / 64, 1 / 8, 0.5, 63 / 64, 1.0 - 2.0**-53]
UNIFORM = np.array([*BOUNDS, *np.random.default_rng(2).random(2000), *np.logspace(-16, -1, 60)])


@pytest.mark.parametrize("compiles", FORMS)
def test_uniform_numbers_are_those_of_the_stream(*, compiles: bool) -> None:
    expected = uniforms(7, [12], "mode", 40, 6)[0]
    drawn, word = np.empty(6), np.uint64(word_of("mode"))
    with loops(compiles=compiles):
        fill, one = compiled(fill_uniforms), compiled(uniform_at)
        assert fill is not None
        assert one is not None
        fill(np.uint64(7), 12, 40, word, drawn)
        assert one(np.uint64(7), 12, 40, word) == expected[0]
        two = compiled(two_uniforms_at)
        assert two is not None
        assert two(np.uint64(7), 12, 40, word) == (expected[0], expected[1])
    assert (drawn == expected).all()


@pytest.mark.parametrize("compiles", FORMS)
def test_normal_and_gumbel_numbers_are_those_of_columns(*, compiles: bool) -> None:
    with loops(compiles=compiles):
        normal, gumbel = compiled(normal_at), compiled(gumbel_at)
        assert normal is not None
        assert gumbel is not None
        normals = [normal(one) for one in UNIFORM.tolist()]
        gumbels = [gumbel(one) for one in UNIFORM.tolist()]
    assert normals == normal_of(UNIFORM).tolist()
    assert gumbels == gumbel_of(UNIFORM).tolist()


@pytest.mark.parametrize("compiles", FORMS)
def test_four_normal_numbers_of_an_address_are_those_of_its_uniform_ones(*, compiles: bool) -> None:
    with loops(compiles=compiles):
        four = compiled(normals_at)
        assert four is not None
        drawn = four(np.uint64(7), 12, 40, np.uint64(word_of("mode")))
    assert list(drawn) == normal_of(uniforms(7, [12], "mode", 40, 4)[0]).tolist()


@pytest.mark.parametrize("compiles", FORMS)
def test_shares_below_a_score_are_those_of_scipy(*, compiles: bool) -> None:
    drawn = np.random.default_rng(3).normal(size=3000)
    scores = np.concatenate([drawn, 4.0 * drawn, 2.0**0.5 * np.array([-8.0, -1.0, 0.0, 1.0, 8.0])])
    with loops(compiles=compiles):
        share = compiled(share_below)
        assert share is not None
        assert [share(one) for one in scores.tolist()] == ndtr(scores).tolist()
