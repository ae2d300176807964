"""A census of a small town, taken once per test run, and a model that answers by a script."""

from __future__ import annotations

from functools import cache

from mesa_llm_city import CityModel
from mesa_llm_city.experiments.compiling import Census, take_census
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.parameters import default_parameters
from tests.town import small_town, townspeople

BY = {
    "plan": ("age_group", "day_kind"),
    "leisure": ("hour", "need", "employment"),
    "mode": ("distance", "car"),
    "place": ("purpose",),
    "react": ("need", "duty"),
}


@cache
def censuses(held_out: float = 0.2) -> dict[str, Census]:
    """Return censuses of a day of 14 people, a share of the decisions held out."""
    return take_census(
        lambda policies: CityModel(small_town(), townspeople(14), rng=7, policies=policies),
        BY,
        parameters=default_parameters(),
        held_out=held_out,
    )


def scripted(**options: object) -> LLM:
    """Return a model whose answers are random, but the same to the same request."""
    return LLM(ClientSpec(backend="scripted", model="scripted"), **options)  # type: ignore[arg-type]
