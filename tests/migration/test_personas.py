"""People of a city as rows of a survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.city.city import City
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.origins import Circumstances, Settlement
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


class TestCircumstances:
    TOWN = Settlement(name="village 1", wage=20e3, distance_km=300.0)
    CITY = Settlement(name="city", wage=60e3, price=1.4)

    def mapped(self, source: ColumnSource, name: str = "inc", **options: Any) -> list[float]:  # noqa: ANN401 - circumstances
        mapping = PersonaMapping(schema=SCHEMA, sources={name: source})
        around = Circumstances(**{"city": self.CITY, "hometown": self.TOWN, **options})
        people = list(_people())[:2]
        column: list[float] = mapping.rows(people, [around] * 2).frame[name].tolist()
        return column

    def test_a_property_may_be_that_of_the_city_or_of_the_hometown(self) -> None:
        assert self.mapped(ColumnSource(property="city.wage")) == [60e3, 60e3]
        assert self.mapped(ColumnSource(property="hometown.distance_km")) == [300.0, 300.0]

    @pytest.mark.parametrize("here", ["city", "village"])
    def test_a_number_may_be_multiplied_by_that_of_the_place_of_living(self, here: str) -> None:
        source = ColumnSource(property="income", times=0.5, by="here.wage")
        wage = {"city": 60e3, "village": 20e3}[here]
        expected = [one.income * 0.5 * wage for one in list(_people())[:2]]
        assert self.mapped(source, is_home=here == "village") == pytest.approx(expected)

    def test_answers_fill_columns_that_they_or_a_source_name(self) -> None:
        found = self.mapped(ColumnSource(property="answers.pay", times=2.0), answers={"pay": 10.0})
        assert found == [20.0, 20.0]
        mapping = PersonaMapping(schema=SCHEMA, sources={})
        around = [Circumstances(answers={"yedu": 12.0}), Circumstances()]
        rows = mapping.rows(list(_people())[:2], around).frame["yedu"]
        assert rows[0] == 12.0
        assert rows.isna().tolist() == [False, True]

    def test_a_number_may_stand_for_a_missing_value(self) -> None:
        source = ColumnSource(property="answers.pay", missing=0.0)
        assert np.isnan(self.mapped(source, answers={"pay": 0.0})).all()

    def test_what_is_read_from_unknown_places_is_missing(self) -> None:
        assert np.isnan(self.mapped(ColumnSource(property="hometown.wage"), hometown=None)).all()
        mapping = PersonaMapping(schema=SCHEMA, sources={"inc": ColumnSource(property="city.wage")})
        assert mapping.rows(_people()).frame["inc"].isna().all()

    def test_circumstances_of_other_people_are_refused(self) -> None:
        with pytest.raises(DataError, match="20 people, but circumstances of 1"):
            PersonaMapping(schema=SCHEMA, sources={}).rows(_people(), [Circumstances()])
