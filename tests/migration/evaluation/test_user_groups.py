"""Groups of people by any column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.evaluation import evaluate
from mesa_llm_city.migration.evaluation.user_groups import Band, UserGroups
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

COLUMNS = (
    Column(name="age", kind="number", label="Age"),
    Column(name="work", kind="category", label="Work", codes={0: "none", 1: "some"}),
    Column(name="place", kind="text", label="Place"),
)
TABLE = SurveyTable(
    frame=pd.DataFrame(
        {
            "age": [16.0, 27.5, 28.0, 38.0, np.nan, 61.0],
            "work": [0.0, 1.0, np.nan, 0.0, 1.0, 1.0],
            "place": ["A", "B", None, "A", "B", "B"],
        }
    ),
    target=np.array([0, 1, 0, 1, 0, 1], dtype=np.int8),
    group=None,
    schema=binary_schema(features=COLUMNS),
)


def rows_of(text: str) -> dict[str, list[int]]:
    found = UserGroups.parse(text, TABLE.schema)(TABLE)
    return {name: rows.tolist() for name, rows in found.items()}


def test_codes_and_bands_make_groups_and_missing_values_none() -> None:
    assert rows_of("work, age:16-27,28-38") == {
        "Work: none": [0, 3],
        "Work: some": [1, 4, 5],
        "Age: 16-27": [0, 1],
        "Age: 28-38": [2, 3],
    }


def test_a_common_end_of_two_bands_belongs_to_the_second() -> None:
    assert rows_of("age:16-28,28-61") == {"Age: 16-28": [0, 1], "Age: 28-61": [2, 3, 5]}


def test_texts_make_groups_by_value() -> None:
    assert rows_of("place") == {"Place: A": [0, 3], "Place: B": [1, 4, 5]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("wrok", "has no column 'wrok'; did you mean 'work'"),
        ("age", "age is a number without codes; give bands"),
        ("place:1-2", "place has no numbers"),
        ("age:16+", r"age:16\+ is no band"),
        ("age:30-40,16-27", "overlap or decrease"),
        ("age:30-20", "ends below its beginning"),
        (" , ", "groups must name a column"),
    ],
)
def test_what_cannot_be_grouped_is_an_error(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        UserGroups.parse(text, TABLE.schema)


def test_an_evaluation_has_figures_of_each_group() -> None:
    pytest.importorskip("sklearn")
    people = synthetic_survey(400, seed=1)
    model = TabularModel("base_rate").fit(people.take(range(200)))
    groups = UserGroups(bands={"work": (), "age": (Band(16, 38), Band(39, 60))})
    test = people.take(range(200, 400))
    told = evaluate(model, test, bootstrap=0, groups=groups).subgroups
    assert {name: n for name, (n, _) in told.items()} == {
        name: len(rows) for name, rows in groups(test).items()
    }
    assert "Age: 16-38" in told
