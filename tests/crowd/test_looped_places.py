"""Places that one loop finds for rows are those chosen step by step."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.crowd.blocks import NOWHERE, Blocks
from mesa_llm_city.crowd.looped_places import found_in_loops
from mesa_llm_city.crowd.travel import find_places
from tests.crowd.some_rows import Midday, midday, random_blocks
from tests.loops import FORMS, loops


def blocks_of(crowd: Midday, seed: int) -> Blocks:
    """Return what begins in each row, most of it somewhere that is still to be found."""
    names = tuple(crowd.parameters.purposes)
    block = random_blocks(crowd, seed)
    purposes = [names.index(one) for one in ("meal", "leisure", "health", "shopping")]
    drawn = np.random.default_rng(seed)
    block.purpose[:] = drawn.choice(purposes, len(block))
    block.place[drawn.random(len(block)) < 0.8] = NOWHERE
    block.end[:] = block.start + drawn.integers(5, 200, len(block))
    return block


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("reseeded", [False, True])
def test_places_are_those_chosen_step_by_step(*, compiles: bool, reseeded: bool) -> None:
    found = []
    for uses_loops in (False, True):
        with loops(compiles=compiles) if uses_loops else kernels.use(wanted=False):
            crowd = midday(4, reseeded=reseeded)
            block = blocks_of(crowd, 4)
            find_places(crowd.life.state, crowd.due, block, crowd.parameters)
            found.append([one.tolist() for one in (block.place, block.purpose, block.end)])
    assert found[0] == found[1]
    assert NOWHERE not in found[1][0]
    assert len(set(found[1][0])) > 10  # all over the town


def test_the_loop_finds_them_where_nothing_is_out_of_the_ordinary() -> None:
    with loops(compiles=False):
        crowd = midday(4)
        block = blocks_of(crowd, 4)
        out = (block.place == NOWHERE).nonzero()[0]
        given = crowd.life.state, crowd.due
        curious = crowd.parameters.with_("mobility.gravity.curiosity", 0.5)
        assert found_in_loops(*given, block, out, curious) is None
        late = Blocks(block.start + 3 * DAY_MIN, block.end, block.purpose, block.place, block.fixed)
        assert found_in_loops(*given, late, out, crowd.parameters) is None
        assert (late.place[out] == NOWHERE).all()
        lost = found_in_loops(*given, block, out, crowd.parameters)
    assert lost is not None
    assert np.setdiff1d(out[block.place[out] == NOWHERE], lost).size == 0
