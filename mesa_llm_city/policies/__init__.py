"""Policies: what a language model answers in each cell of a declared table, at no call.

A policy is compiled once (`experiments.compiling`) and then decides in place of the model, in
citizens and in columns of people alike::

    policy = read_policy("mode.parquet")
    rows = policy.cells({"age": ages, "distance_km": distances, ...})
    codes = policy.draw(rows, uniforms)
"""

from mesa_llm_city.policies.answer_lengths import nearest_length
from mesa_llm_city.policies.card import PolicyCard
from mesa_llm_city.policies.columns import (
    DAY_KINDS,
    MOMENT_COLUMNS,
    PERSON_COLUMNS,
    Moment,
    moment_values,
    person_values,
)
from mesa_llm_city.policies.compiled import (
    Case,
    Compiled,
    MomentDecider,
    PolicyForm,
    case_values,
    check_policy,
)
from mesa_llm_city.policies.dimension import Axis, Dimension, banded, named
from mesa_llm_city.policies.dimensions import DIMENSIONS, dimensions_of
from mesa_llm_city.policies.person_groups import person_groups
from mesa_llm_city.policies.policy import NO_ROW, Policy
from mesa_llm_city.policies.policy_file import (
    card_file,
    policy_of,
    policy_table,
    read_policy,
    write_policy,
)
from mesa_llm_city.policies.variety import (
    Variety,
    divergence,
    entropy,
    total_variation,
    variety,
)

__all__ = [
    "DAY_KINDS",
    "DIMENSIONS",
    "MOMENT_COLUMNS",
    "NO_ROW",
    "PERSON_COLUMNS",
    "Axis",
    "Case",
    "Compiled",
    "Dimension",
    "Moment",
    "MomentDecider",
    "Policy",
    "PolicyCard",
    "PolicyForm",
    "Variety",
    "banded",
    "card_file",
    "case_values",
    "check_policy",
    "dimensions_of",
    "divergence",
    "entropy",
    "moment_values",
    "named",
    "nearest_length",
    "person_groups",
    "person_values",
    "policy_of",
    "policy_table",
    "read_policy",
    "total_variation",
    "variety",
    "write_policy",
]
