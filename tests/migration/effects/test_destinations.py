"""Choice of destinations with margins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.effects.destinations import DestinationChoice, destination_shares

DISTANCE = np.log(np.array([[100.0, 200.0, 800.0], [400.0, 100.0, 300.0]]))
TIES = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
ATTRIBUTES = {"log_distance": DISTANCE, "ties": TIES}
WEIGHTS = {"log_distance": -1.0, "ties": 0.5}


def test_shares_without_constants_worked_by_hand() -> None:
    # Utilities are minus log distance, so that shares go with 1 / distance: 8, 4 and 1.
    choice = DestinationChoice(weights={"log_distance": -1.0}, constants=np.zeros(3))
    assert choice.shares(ATTRIBUTES)[0].tolist() == pytest.approx([8 / 13, 4 / 13, 1 / 13])


def test_totals_match_and_origins_keep_their_movers() -> None:
    movers, totals = np.array([300.0, 100.0]), np.array([50.0, 150.0, 200.0])
    choice = DestinationChoice.matched(WEIGHTS, ATTRIBUTES, totals, movers=movers)
    flows = movers[:, None] * choice.shares(ATTRIBUTES)
    assert flows.sum(axis=0).tolist() == pytest.approx(totals.tolist())
    assert flows.sum(axis=1).tolist() == pytest.approx(movers.tolist())
    assert choice.constants.mean() == pytest.approx(0.0)


def test_it_is_the_doubly_constrained_gravity_model() -> None:
    movers, totals = np.array([300.0, 100.0]), np.array([50.0, 150.0, 200.0])
    choice = DestinationChoice.matched(WEIGHTS, ATTRIBUTES, totals, movers=movers)
    # Wilson's A_i B_j O_i D_j f_ij, by Furness' iterations.
    flows = np.exp(-DISTANCE + 0.5 * TIES)
    for _ in range(500):
        flows = flows * (movers / flows.sum(axis=1))[:, None]
        flows = flows * (totals / flows.sum(axis=0))
    found = movers[:, None] * choice.shares(ATTRIBUTES)
    assert np.allclose(found, flows, atol=1e-6)


def test_totals_that_are_met_already_need_no_constants() -> None:
    plain = DestinationChoice(weights=WEIGHTS, constants=np.zeros(3))
    totals = plain.shares(ATTRIBUTES).sum(axis=0)
    matched = DestinationChoice.matched(WEIGHTS, ATTRIBUTES, totals)
    assert matched.constants.tolist() == pytest.approx([0.0] * 3, abs=1e-8)


def test_a_nearer_destination_is_chosen_more_often() -> None:
    choice = DestinationChoice.matched(WEIGHTS, ATTRIBUTES, [1.0, 1.0, 1.0])
    nearer = {**ATTRIBUTES, "log_distance": DISTANCE - np.array([0.5, 0.0, 0.0])}
    assert (choice.shares(nearer)[:, 0] > choice.shares(ATTRIBUTES)[:, 0]).all()


def test_choices_have_their_shares_and_belong_to_persons() -> None:
    choice = DestinationChoice(weights=WEIGHTS, constants=np.zeros(3))
    many = {name: np.repeat(one[:1], 4000, axis=0) for name, one in ATTRIBUTES.items()}
    chosen = choice.choose(many, ids=range(4000), seed=1, step=0)
    share = np.bincount(chosen, minlength=3) / 4000
    assert share.tolist() == pytest.approx(choice.shares(ATTRIBUTES)[0].tolist(), abs=0.03)
    few = {name: one[:5] for name, one in many.items()}
    again = choice.choose(few, ids=[9, 3, 7, 1, 0], seed=1, step=0)
    assert again.tolist() == chosen[[9, 3, 7, 1, 0]].tolist()


def test_great_utilities_do_not_overflow() -> None:
    assert destination_shares([[1000.0, 0.0]]).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"totals": [1.0, 0.0, 1.0]}, "must be positive"),
        ({"totals": [1.0, 1.0]}, r"expected are \(3,\) and \(2,\)"),
        ({"weights": {"size": 1.0}}, "no attribute size"),
        (
            {"attributes": {**ATTRIBUTES, "ties": TIES + np.array([-np.inf, 0.0, 0.0])}},
            "no constants give these totals",
        ),
        ({"attributes": {**ATTRIBUTES, "ties": TIES[:1]}}, "must have one shape"),
        ({"attributes": {**ATTRIBUTES, "ties": TIES * np.nan}}, "ties has values that are no"),
    ],
)
def test_defects_are_told_in_words(options: dict[str, Any], match: str) -> None:
    given: dict[str, Any] = {"weights": WEIGHTS, "attributes": ATTRIBUTES, "totals": [1.0] * 3}
    with pytest.raises(DataError, match=match):
        DestinationChoice.matched(**{**given, **options})


def test_a_choice_without_weights_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no weights"):
        DestinationChoice(weights={}, constants=np.zeros(3)).shares(ATTRIBUTES)
