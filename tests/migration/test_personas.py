"""People of a city as rows of a survey."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city.city.city import City
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.personas import ColumnSource, PersonaMapping
from mesa_llm_city.migration.survey.shipped import shipped_schema
from mesa_llm_city.population import Population

SCHEMA = shipped_schema("health_insurance")
MAPPING = """
[columns.age]
property = "age"
[columns.fml]
property = "gender"
codes = { female = 1, male = 0 }
[columns.famsize]
property = "household.size"
[columns.inc]
property = "income"
times = 45000.0
[columns.empl]
value = 1
"""


def _people() -> Population:
    return Population.synthesize(20, city=City.synthetic(1, places=200), rng=1)


def test_people_become_rows_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAPPING, encoding="utf-8")
    mapping = PersonaMapping.read(tmp_path / "map.toml", SCHEMA)
    people = list(_people())
    table = mapping.rows(people)
    assert table.frame["age"].tolist() == [float(one.age) for one in people]
    assert table.frame["fml"].tolist() == [float(one.gender.value == "female") for one in people]
    assert table.frame["famsize"].tolist() == [float(one.household.size) for one in people]
    assert table.frame["inc"].tolist() == [one.income * 45000.0 for one in people]
    assert set(table.frame["empl"]) == {1.0}
    assert table.frame["hlth"].isna().all()
    assert mapping.missing == ("hlth", "nwhite", "yedu")


def test_a_value_that_is_no_value_of_the_column_is_an_error() -> None:
    mapping = PersonaMapping(schema=SCHEMA, sources={"empl": ColumnSource(value=7)})
    with pytest.raises(DataError, match="accepted codes are 0, 1"):
        mapping.rows(_people())


@pytest.mark.parametrize(
    ("name", "source", "problem"),
    [
        ("agee", ColumnSource(property="age"), "no column agee; did you mean 'age'"),
        ("age", ColumnSource(property="agee"), "no property 'agee'; did you mean 'age'"),
        ("age", ColumnSource(), "age needs either a property or a value"),
        ("age", ColumnSource(property="age", value=3), "age needs either"),
    ],
)
def test_a_mapping_of_what_is_not_there_is_an_error(
    name: str, source: ColumnSource, problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        PersonaMapping(schema=SCHEMA, sources={name: source})


def test_a_file_that_is_no_mapping_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text("[columns.age]\nfrom = 'age'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no mapping of people"):
        PersonaMapping.read(tmp_path / "map.toml", SCHEMA)
