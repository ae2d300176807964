"""Levers: what a policy changes for people."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.policy.lever import Lever, apply_levers, read_levers
from tests.migration.small_survey import MEMBERS, members

NAN = float("nan")


@pytest.mark.parametrize(
    ("text", "values", "changed"),
    [
        ("pay*1.1", [100.0, NAN], [110.0, NAN]),
        ("pay + 50", [100.0, NAN], [150.0, NAN]),
        ("pay-50", [100.0, NAN], [50.0, NAN]),
        ("pay=7", [100.0, NAN], [7.0, NAN]),
        ("age+10", [30.0, 65.0], [40.0, 70.0]),
        ("sector=public", [0.0, 1.0, NAN], [1.0, 1.0, NAN]),
    ],
)
def test_a_lever_changes_known_values_within_their_range(
    text: str, values: list[float], changed: list[float]
) -> None:
    found = Lever.read(text, MEMBERS).applied(np.array(values))
    assert found == pytest.approx(changed, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pay", "a lever is"),
        ("wage*2", "no column 'wage'"),
        ("pay*many", "no finite number"),
        ("sector*2", "only sector=CODE"),
        ("sector=mixed", "'mixed' is no code of sector; accepted are private, public"),
        ("home=1", "home cannot be a lever: it is of kind group"),
    ],
)
def test_what_is_no_lever_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        Lever.read(text, MEMBERS)


def test_only_those_whom_the_policy_reaches_are_changed() -> None:
    table = members(4)
    levers = read_levers("pay*2; sector=public", MEMBERS)
    changed = apply_levers(table, levers, np.array([True, False, False, True]))
    assert (changed.frame["pay"] / table.frame["pay"]).tolist() == [2.0, 1.0, 1.0, 2.0]
    assert changed.frame["sector"].tolist()[0] == 1.0
    assert table.frame["pay"].tolist() == members(4).frame["pay"].tolist()
