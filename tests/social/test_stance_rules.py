"""Rules of stance: values worked by hand, limits, and which signs they show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.society import StanceParameters
from mesa_llm_city.social import STANCE_RULES, changed_stance

stances = st.floats(-1.0, 1.0)


def moved(rule: str, stance: float, *heard: float, trust: float = 1.0, **facts: float) -> float:
    numbers = StanceParameters(rule=rule)
    return float(changed_stance(stance, heard, trust, parameters=numbers, **facts))


def test_soft_persuasion_weakens_with_distance_and_reinforces_the_own_side() -> None:
    pull = 0.06 * math.exp(-0.3) * 0.6
    assert moved("soft", 0.2, 0.8) == pytest.approx(0.2 + pull + 0.04 * 0.8)
    pull = 0.06 * math.exp(-0.6) * -1.2
    assert moved("soft", 0.4, -0.8) == pytest.approx(0.4 + pull)
    assert moved("soft", 0.4, -0.8, trust=0.5) == pytest.approx(0.4 + pull / 2)
    assert moved("soft", 0.4, -0.8, certainty=1.0) == 0.4


def test_bounded_confidence_counts_what_is_near_only() -> None:
    assert moved("bounded_confidence", 0.0, 0.4) == pytest.approx(0.06)
    assert moved("bounded_confidence", 0.0, 0.5) == 0.0


def test_repulsion_pushes_away_from_what_is_far() -> None:
    assert moved("repulsion", 0.4, 0.6) == pytest.approx(0.43)
    assert moved("repulsion", 0.4, -0.4) == 0.4
    assert moved("repulsion", 0.4, -0.9) == pytest.approx(0.4 + 0.15 * 1.3)


def test_friedkin_johnsen_holds_on_to_the_first_stance() -> None:
    # The own stance counts five, and the first one a fifth of all.
    expected = 0.8 * 3.1 / 7.0 - 0.02
    assert moved("friedkin_johnsen", 0.5, 1.0, -0.4, anchor=-0.1) == pytest.approx(expected)
    assert moved("friedkin_johnsen", 0.5, 1.0, trust=0.0, anchor=-0.1) == 0.5


def test_hegselmann_krause_is_the_mean_of_those_within_reach() -> None:
    assert moved("hegselmann_krause", 0.0, 0.3, -0.3, 0.9) == 0.0
    assert moved("hegselmann_krause", 0.1, 0.3, 0.4, 0.9) == pytest.approx(0.8 / 3)


def test_a_message_of_no_trust_changes_nothing() -> None:
    numbers = {rule: moved(rule, 0.3, 0.5, trust=0.0, uniform=0.9) for rule in STANCE_RULES}
    assert set(numbers.values()) == {0.3}


def test_noise_is_drawn_by_inverse_distribution() -> None:
    quiet = moved("bounded_confidence", 0.0, 0.9)
    loud = moved("bounded_confidence", 0.0, 0.9, uniform=0.975)
    assert loud - quiet == pytest.approx(0.05 * 1.96, abs=1e-4)


@pytest.mark.parametrize("rule", STANCE_RULES)
@settings(max_examples=40)
@given(stance=stances, heard=st.lists(stances, min_size=1, max_size=4), anchor=stances)
def test_stances_stay_in_range_and_turn_round_with_the_topic(
    rule: str, stance: float, heard: list[float], anchor: float
) -> None:
    after = moved(rule, stance, *heard, anchor=anchor)
    turned = moved(rule, -stance, *(-one for one in heard), anchor=-anchor)
    assert -1.0 <= after <= 1.0
    assert turned == pytest.approx(-after, abs=1e-12)


@pytest.mark.parametrize("rule", STANCE_RULES)
def test_a_column_is_what_each_of_its_rows_is(rule: str) -> None:
    rng = np.random.default_rng(1)
    stance, heard, trust = rng.uniform(-1, 1, 6), rng.uniform(-1, 1, (6, 3)), rng.random((6, 3))
    numbers = StanceParameters(rule=rule)
    column = changed_stance(stance, heard, trust, certainty=0.3, anchor=stance, parameters=numbers)
    rows = [
        changed_stance(one, said, weight, certainty=0.3, anchor=one, parameters=numbers).item()
        for one, said, weight in zip(stance, heard, trust, strict=True)
    ]
    assert column.tolist() == rows


def test_an_unknown_rule_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="no stance rule 'sofd'; the rules are soft"):
        moved("sofd", 0.0, 0.5)


def test_a_rule_of_ones_own_can_be_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    def stubborn(stance: Float, *_: Float, **__: object) -> Float:
        return stance

    monkeypatch.setitem(STANCE_RULES, "stubborn", stubborn)
    assert moved("stubborn", 0.25, 1.0) == 0.25


def arms(rule: str) -> dict[str, tuple[float, float, float]]:
    """Return the shares who are more sure, less sure and on the other side after nine messages.

    People begin at 0.4 on either side; those of the own side hear 0.9 of it, the others 0.9 of the
    other, and the control as much of both.
    """
    numbers, n = StanceParameters(rule=rule), 2000
    rng = np.random.default_rng(5)
    side = np.where(np.arange(n) % 2, 1.0, -1.0)
    found = {}
    for arm, signs in (("alike", [1] * 9), ("different", [-1] * 9), ("control", [1, -1] * 4 + [1])):
        stance = 0.4 * side
        for sign in signs:
            heard = (sign * 0.9 * side)[:, np.newaxis]
            stance = changed_stance(
                stance, heard, 1.0, uniform=rng.random(n), anchor=0.4 * side, parameters=numbers
            )
        own = stance * side
        found[arm] = (np.mean(own > 0.5), np.mean((own < 0.3) & (own > 0)), np.mean(own <= 0.0))
    return {arm: tuple(map(float, shares)) for arm, shares in found.items()}  # type: ignore[misc]


def test_the_default_rule_has_the_signs_of_the_published_arms() -> None:
    found = arms("soft")
    more, less, opposed = found["alike"]
    assert more > 0.9
    assert less + opposed < 0.1
    more, less, opposed = found["different"]
    assert more < 0.1
    assert less + opposed > 0.6


def test_repulsion_reverses_the_arm_of_those_who_differ() -> None:
    assert arms("repulsion")["different"][0] > 0.9
