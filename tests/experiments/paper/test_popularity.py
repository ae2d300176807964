"""What the picture of popularity says."""

from __future__ import annotations

import math

import pytest

from mesa_llm_city.experiments.paper.popularity import rank_title
from mesa_llm_city.experiments.validation.measure import Measure


@pytest.mark.parametrize(
    ("by_kind", "title"),
    [
        (0.411, "Rank correlation 0.33 (0.28 to 0.38); by kind 0.41"),
        (math.nan, "Rank correlation 0.33 (0.28 to 0.38)"),
    ],
)
def test_the_rank_by_kind_is_told_only_where_it_is_known(by_kind: float, title: str) -> None:
    found = Measure(
        name="all places",
        value=0.333,
        interval=(0.275, 0.383),
        better="higher",
        naive={"mean users of the kind of place": by_kind},
        n=9,
        units="places",
    )
    assert rank_title(found) == title
