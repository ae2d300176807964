"""Policies: cells, back-off, draws, and the same for a row as for a column."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.defects import ParameterError
from mesa_llm_city.policies import (
    DIMENSIONS,
    MOMENT_COLUMNS,
    PERSON_COLUMNS,
    Axis,
    Dimension,
    Policy,
    banded,
    dimensions_of,
    named,
    nearest_length,
)
from mesa_llm_city.policies.smoothing import level_shares, parent_codes, smoothed
from tests.policies.policies import mode_policy

FEW = settings(max_examples=10)
OWN = frozenset(
    {"purpose", "distance_km", "free_min", "activity", "is_fixed", "emotion", "belief"}
    | {"disagreement"}
)


class TestDimensions:
    def test_bands_begin_at_their_edges(self) -> None:
        ages = banded("age", (18.0, 65.0))
        assert ages.codes({"age": [17.9, 18, 64, 65]}).tolist() == [0, 1, 1, 2]

    def test_employment_gathers_occupations(self) -> None:
        (employment,) = dimensions_of(["employment"], frozenset(), default_parameters())
        codes = employment.codes({"occupation": [3, 2, 9, 8]})
        assert [employment.labels[one] for one in codes] == [
            "employed",
            "in education",
            "retired",
            "without work",
        ]

    @pytest.mark.parametrize("name", DIMENSIONS)
    def test_every_dimension_survives_json_and_names_each_code(self, name: str) -> None:
        (one,) = dimensions_of([name], OWN, default_parameters())
        again = TypeAdapter(Dimension).validate_python(json.loads(json.dumps(one.to_json())))
        assert again == one
        assert len(one.labels) == one.size == len(set(one.labels))
        assert set(one.columns) <= {*PERSON_COLUMNS, *MOMENT_COLUMNS, *OWN}

    def test_an_unknown_name_is_refused_with_a_suggestion(self) -> None:
        with pytest.raises(ConfigError, match=r"no dimension 'hours'; did you mean 'hour'"):
            dimensions_of(["hours"], frozenset(), default_parameters())

    def test_a_dimension_that_the_decision_does_not_know_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="'distance' is not known where this is decided"):
            dimensions_of(["distance"], frozenset(), default_parameters())

    def test_a_code_without_a_label_is_refused(self) -> None:
        with pytest.raises(DataError, match="from 0 to 1, got 0 to 2"):
            named("car", ("no", "yes")).codes({"car": [0, 2]})

    def test_bands_without_a_label_are_refused(self) -> None:
        with pytest.raises(DataError, match="edges must rise, and each band and group needs"):
            Axis(column="age", labels=("young",), edges=(18.0,))

    def test_a_missing_column_is_named(self) -> None:
        with pytest.raises(DataError, match="column 'car' is missing; there are age"):
            named("car", ("no", "yes")).codes({"age": [0]})

    def test_bands_are_parameters_that_must_rise(self) -> None:
        tree = CityParameters().with_("policies.age_from", (40.0,))
        (age,) = dimensions_of(["age_group"], frozenset(), tree)
        assert age.labels == ("below 40", "from 40")
        with pytest.raises(ParameterError, match="numbers that rise"):
            CityParameters().with_("policies.age_from", (40.0, 30.0))


class TestSmoothing:
    def test_coarser_cells_drop_the_last_dimensions(self) -> None:
        assert parent_codes(np.array([11]), (2, 2, 3), 0).tolist() == [11]
        assert parent_codes(np.array([11]), (2, 2, 3), 1).tolist() == [3]
        assert parent_codes(np.array([11]), (2, 2, 3), 3).tolist() == [0]

    def test_a_coarser_cell_weighs_cells_by_how_often_they_occur(self) -> None:
        counts, moments = np.array([[0, 2], [1, 1]]), np.array([6, 4])
        _, shares, given_, often = level_shares(counts, moments, np.array([0, 0]))
        assert shares.tolist() == [[0.2, 0.8]]
        assert (given_.tolist(), often.tolist()) == ([4], [10])

    @FEW
    @given(strength=st.floats(0.01, 100.0), answers=st.integers(1, 20))
    def test_smoothing_lies_between_the_cell_and_its_parent(
        self, strength: float, answers: int
    ) -> None:
        (mixed,) = smoothed(
            np.array([[1.0, 0.0]]), np.array([answers]), np.array([[0.25, 0.75]]), strength
        )
        assert 0.25 < mixed[0] < 1.0
        assert mixed.sum() == pytest.approx(1.0)


class TestCells:
    def test_a_cell_is_smoothed_by_its_parent_and_that_by_the_whole(self) -> None:
        policy = mode_policy()
        likely = policy.probabilities(np.arange(len(policy.cell)))
        # The whole: 0.6 walk, 0.2 car, 0.2 train. Without a car: (2 * 1 + 0.6) / 3 walk.
        assert likely[-1].tolist() == pytest.approx([0.2, 0.2, 0.6])
        assert likely[2].tolist() == pytest.approx([0.2 / 3, 0.2 / 3, 2.6 / 3])
        assert likely[0, 2] == pytest.approx((2 + 2.6 / 3) / 3)

    def test_a_cell_that_never_occurred_takes_the_finest_coarser_one(self) -> None:
        policy = mode_policy()
        rows = policy.cells({"has_car": [0, 0, 1, 1], "distance_km": [0.5, 5.0, 20.0, 0.5]})
        assert policy.level[rows].tolist() == [0, 1, 0, 1]
        assert policy.label(rows[1]) == "car no"
        assert policy.label(len(policy.cell) - 1) == "everywhere"

    def test_scalars_are_one_row(self) -> None:
        policy = mode_policy()
        assert policy.cells({"has_car": 1, "distance_km": 20.0}).tolist() == [1]

    @FEW
    @given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.0, 30.0)), min_size=1, max_size=40))
    def test_rows_are_found_as_one_by_one(self, rows: list[tuple[int, float]]) -> None:
        policy = mode_policy()
        together = policy.cells(
            {"has_car": [c for c, _ in rows], "distance_km": [d for _, d in rows]}
        )
        alone = [int(policy.cells({"has_car": c, "distance_km": d})[0]) for c, d in rows]
        assert together.tolist() == alone


class TestDraws:
    @FEW
    @given(
        uniforms=st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=30),
        masks=st.integers(0, 7),
    )
    def test_a_draw_does_not_depend_on_the_rows_beside_it(
        self, uniforms: list[float], masks: int
    ) -> None:
        policy = mode_policy()
        rows = np.arange(len(uniforms)) % len(policy.cell)
        able = np.tile([bool(masks & 4), bool(masks & 2), bool(masks & 1)], (len(rows), 1))
        together = policy.draw(rows, uniforms, able)
        alone = [
            int(policy.draw(rows[[at]], [uniforms[at]], able[[at]])[0]) for at in range(len(rows))
        ]
        assert together.tolist() == alone

    @FEW
    @given(uniform=st.floats(0.0, 1.0, exclude_max=True), masks=st.integers(0, 7))
    def test_only_what_is_possible_is_drawn(self, uniform: float, masks: int) -> None:
        policy = mode_policy()
        able = np.array([[bool(masks & 4), bool(masks & 2), bool(masks & 1)]])
        (code,) = policy.draw(np.array([3]), [uniform], able)
        assert able[0, code] if able.any() else code == -1

    def test_shares_of_many_draws_are_the_probabilities(self) -> None:
        policy = mode_policy()
        even = (np.arange(6000) + 0.5) / 6000
        codes = policy.draw(np.full(6000, 4), even)
        likely = policy.probabilities(np.array([4]))[0]
        assert np.bincount(codes) / 6000 == pytest.approx(likely, abs=1e-3)

    def test_what_is_left_keeps_its_ratios(self) -> None:
        policy = mode_policy()
        able = np.array([[True, False, True]])
        assert policy.probabilities(np.array([4]), able)[0].tolist() == pytest.approx(
            [0.25, 0.0, 0.75]
        )


def test_copies_share_a_policy_and_pickles_are_equal() -> None:
    policy = mode_policy()
    assert copy.deepcopy([policy])[0] is policy
    again: Policy = pickle.loads(pickle.dumps(policy))
    assert (again.probability == policy.probability).all()
    assert again.cells({"has_car": 1, "distance_km": 20.0}).tolist() == [1]


def test_columns_that_do_not_fit_together_are_listed() -> None:
    policy = mode_policy()
    parts = {name: getattr(policy, name) for name in Policy.__slots__ if name[0] != "_"}
    parts |= {"probability": policy.probability * 2, "answer": policy.answer + 3}
    with pytest.raises(DataError, match=r"(?s)2 defects.*sum to 1.*not in its list.*compile it"):
        Policy(**parts)


def test_lengths_are_rounded_by_ratio() -> None:
    assert [nearest_length(one, (15, 30, 60)) for one in (1, 21, 22, 300)] == [15, 15, 30, 60]
