"""Tables as people send them: what changes nothing, and what is refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.small_survey import MEMBERS, members

MODELS = {
    method: TabularModel(method).fit(members(400))
    for method in ("logistic_regression", "hist_gradient_boosting")
}
FRAME = members(30, seed=2).to_frame()


def predicted(frame: pd.DataFrame, method: str) -> Float:
    table = SurveyTable.from_frame(frame, MEMBERS, labelled=False)
    return MODELS[method].predict_proba(table)[:, 1]


@pytest.fixture(params=list(MODELS))
def method(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_types_spaces_and_the_case_of_codes_change_nothing(method: str) -> None:
    drifted = FRAME.assign(
        age=[f" {age:02.0f}" for age in FRAME["age"]],
        pay=FRAME["pay"].astype(str),
        sector=FRAME["sector"].str.upper(),
    )
    assert np.array_equal(predicted(drifted, method), predicted(FRAME, method))


def test_the_order_of_columns_and_further_columns_change_nothing(method: str) -> None:
    turned = FRAME[FRAME.columns[::-1]].assign(remark="x", age_2=1)
    assert np.array_equal(predicted(turned, method), predicted(FRAME, method))


def test_one_row_is_predicted_as_in_a_table(method: str) -> None:
    alone = [predicted(FRAME.iloc[[row]], method)[0] for row in range(30)]
    assert np.array_equal(alone, predicted(FRAME, method))


def test_a_column_that_is_missing_in_every_row_can_be_predicted(method: str) -> None:
    assert np.isfinite(predicted(FRAME.assign(pay=np.nan), method)).all()


def test_huge_values_give_probabilities(method: str) -> None:
    p = predicted(FRAME.assign(pay=1e14), method)
    assert ((p > 0.0) & (p < 1.0)).all()


def test_a_category_that_was_never_seen_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(DataError, match="in all 30 rows; accepted codes are private, public"):
        predicted(FRAME.assign(sector="church"), "logistic_regression")


def test_a_code_for_missing_that_is_not_in_the_schema_is_refused_by_its_range() -> None:
    with pytest.raises(DataError, match=r"999.*accepted are 18 to 70"):
        predicted(FRAME.assign(age=999), "logistic_regression")
