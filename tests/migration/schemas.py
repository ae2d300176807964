"""A small schema with an outcome of 0 or 1, for tests."""

from __future__ import annotations

from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Outcome, Wording
from mesa_llm_city.migration.survey.schema import Schema

WORDING = {
    "en": Wording(task="Tell who is back.", question="Is this person back?", short="Back?"),
    "zh": Wording(
        task="判断谁回来了。",
        question="此人回来了吗?",
        short="回来?",
        person="此人:",
        profile="资料:",
        instruction="请回答是或否。",
        reply="回答:",
        yes="是",
        no="否",
        missing="缺失",
        stop="。",
    ),
}


def binary_schema(
    *,
    features: tuple[Column, ...],
    target: str = "returnee",
    positive: str = "returnee",
    group: str | None = None,
) -> Schema:
    """Return a schema with a label of 0 or 1, and the household as a column if there is one."""
    cluster = [] if group is None else [Column(name=group, kind="group", label="Household")]
    outcome = Outcome(name=target, positive=1, codes={0: f"not {positive}", 1: positive})
    return Schema(columns=(*features, *cluster), outcome=outcome, wording=WORDING)
