"""The synthetic survey: seeded, plausible, with known rule and missing answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.survey.ground_truth import INTERVIEW_COLUMNS
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable


def test_equal_seeds_give_equal_tables_and_different_seeds_do_not() -> None:
    one, same, other = (synthetic_survey(100, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.frame, same.frame)
    assert np.array_equal(one.target, same.target)
    assert not one.frame.equals(other.frame)


@pytest.mark.parametrize("informative", [False, True])
def test_it_can_be_read_as_a_survey(*, informative: bool) -> None:
    table = synthetic_survey(2000, seed=1, informative_missingness=informative, trajectory=True)
    again = SurveyTable.from_frame(table.to_frame(), table.schema)
    pd.testing.assert_frame_equal(again.frame, table.frame)
    table.check_trainable()
    assert 0.35 < table.target.mean() < 0.5


def test_members_of_a_household_share_what_belongs_to_it() -> None:
    table = synthetic_survey(500, seed=1)
    assert table.group is not None
    groups = table.frame.groupby(table.group)
    shared = groups[["total_asset", "total_income", "house_type"]]
    assert (shared.max() == shared.min()).all(axis=None)
    assert (groups["hh_size"].first() >= groups.size()).all()
    assert 1.4 < len(table) / groups.ngroups < 1.8


def test_people_who_rent_stay_and_older_people_return() -> None:
    table = synthetic_survey(4000, seed=1)
    rents = table.frame["house_type"].to_numpy() == 2
    assert auc(table.target, table.frame["age"].to_numpy(dtype=np.float64)) > 0.6
    assert table.target[rents].mean() < table.target[~rents].mean() - 0.2


def test_missing_answers_predict_the_label_only_if_informative() -> None:
    for informative in (False, True):
        table = synthetic_survey(4000, seed=1, informative_missingness=informative)
        for name in INTERVIEW_COLUMNS:
            answered = table.frame[name].notna().to_numpy().astype(np.float64)
            area = auc(table.target, answered)
            assert (area > 0.6) if informative else (abs(area - 0.5) < 0.05)


def test_members_of_a_household_have_similar_labels() -> None:
    def agreement(spread: float) -> float:
        table = synthetic_survey(6000, seed=1, household_spread=spread)
        assert table.group is not None
        mates = np.flatnonzero(table.group[1:] == table.group[:-1])
        return float(np.mean(table.target[mates] == table.target[mates + 1]))

    assert agreement(0.0) + 0.05 < agreement(2.0) < agreement(6.0)


def test_a_trajectory_is_related_to_the_label() -> None:
    table = synthetic_survey(3000, seed=1, trajectory=True)
    been_back = table.frame["trajectory"].str.count(">").to_numpy() == 3
    assert 0.2 < table.target[~been_back].mean() < table.target[been_back].mean() < 0.8


@pytest.mark.parametrize(("rows", "spread"), [(0, 1.0), (5, -1.0)])
def test_options_out_of_range_are_an_error(rows: int, spread: float) -> None:
    with pytest.raises(ConfigError, match="rows must be at least 1"):
        synthetic_survey(rows, seed=1, household_spread=spread)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_survey_can_be_small(rows: int) -> None:
    assert len(synthetic_survey(rows, seed=4, trajectory=True)) == rows
