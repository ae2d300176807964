"""Tables of ActivitySim, PopulationSim and the American Community Survey, and money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose, Supply
from mesa_llm_city.population import EMPLOYED, Education, Gender, Occupation, Population, Role
from mesa_llm_city.population.table.loading import BadRows
from tests.population.fake_town import FakeTown

PERSONS = pd.DataFrame(
    {
        "PERID": [11, 12, 13, 14, 15, 16],
        "household_id": [1, 1, 1, 2, 3, 4],
        "age": [44, 17, 8, 70, 3, 35],
        "sex": [2, 1, 2, 1, 2, 1],
        "ptype": [1, 6, 7, 5, 8, 4],
        "EARNS": [60000, 0, 0, -100, 0, 0],
        "PNUM": [1, 2, 3, 1, 1, 1],
    }
)
HOUSEHOLDS = pd.DataFrame(
    {
        "HHID": [1, 2, 3, 4, 5],
        "TAZ": [25, 6, 6, 25, 7],
        "PERSONS": [3, 1, 1, 1, 2],
        "VEHICL": [2, 0, 0, 1, 0],
        "UNITTYPE": [0, 0, 2, 0, 0],
        "income": [60000, 20000, 0, 0, 10],
    }
)


class ZonedTown(FakeTown):
    """The square with zones 25, 6 and others; homes lie in all of them."""

    def __init__(self) -> None:
        super().__init__()
        numbers = np.unique(super().supply(Purpose.SLEEP).zone)
        names = [f"TAZ {number}" for number in numbers]
        ids = ["25", "6", *(str(100 + row) for row in range(len(numbers) - 2))]
        self.zones = SimpleNamespace(names=names, ids=ids)
        self._row_of = {int(number): row for row, number in enumerate(numbers)}

    def supply(self, purpose: str) -> Supply:
        """Return places with the rows of their zones."""
        supply = super().supply(purpose)
        rows = np.array([self._row_of.get(int(zone), 0) for zone in supply.zone])
        return replace(supply, zone=rows)


def _read(
    persons: pd.DataFrame = PERSONS,
    households: pd.DataFrame | None = HOUSEHOLDS,
    *,
    city: FakeTown | None = None,
    bad_rows: BadRows = "error",
) -> Population:
    return Population.from_table(
        persons, households=households, city=city or FakeTown(), rng=2, bad_rows=bad_rows
    )


class TestActivitySim:
    def test_codes_are_understood(self) -> None:
        people = _read()
        assert [one.id for one in people] == [11, 12, 13, 14, 15, 16]
        assert [one.gender for one in people[:2]] == [Gender.FEMALE, Gender.MALE]
        worker, teenager, pupil, retired, infant, other = (one.occupation for one in people)
        assert worker in EMPLOYED
        assert (teenager, pupil, infant) == (Occupation.PUPIL, Occupation.PUPIL, Occupation.INFANT)
        assert retired in {Occupation.RETIRED, Occupation.HOMEMAKER}
        assert other in {Occupation.HOMEMAKER, Occupation.UNEMPLOYED}

    def test_households_are_joined(self) -> None:
        people = _read()
        assert [one.household.size for one in people] == [3, 3, 3, 1, 5, 1]
        assert [one.has_car for one in people] == [True, True, True, False, False, True]
        roles = [one.household.role for one in people]
        assert roles[:4] == [Role.PARENT, Role.CHILD, Role.CHILD, Role.SINGLE]

    def test_an_infant_in_group_quarters_lives_with_others(self) -> None:
        people = _read()
        assert people[4].household.role is Role.OTHER
        assert any(
            line.startswith("1 people live in group quarters") for line in people.assumptions
        )

    def test_homes_lie_in_the_zone_of_the_household(self) -> None:
        town = ZonedTown()
        people = _read(city=town)
        supply = town.supply(Purpose.SLEEP)
        zone_of = dict(zip(supply.places.tolist(), supply.zone.tolist(), strict=True))
        assert [zone_of[one.home] for one in people] == [0, 0, 0, 1, 1, 0]
        assert len({one.home for one in people[:3]}) == 1

    def test_zones_that_the_city_does_not_have_are_told(self) -> None:
        (note,) = (line for line in _read().assumptions if "TAZ (" in line)
        assert note.startswith(
            "none of the 2 zones of column TAZ ('25', '6') is a zone of the city"
        )
        assert note.endswith("homes are drawn in the whole city")

    def test_what_was_read_as_what_is_told(self) -> None:
        assumptions = _read().assumptions
        assert any(
            "perid read as id, sex as gender, ptype as occupation" in one for one in assumptions
        )
        assert any("taz read as home_zone, vehicl as has_car" in one for one in assumptions)
        assert "1 of 5 households have no people" in assumptions
        assert "columns not read: pnum" in assumptions

    def test_earnings_are_divided_by_the_median_of_the_employed(self) -> None:
        people = _read()
        assert people[0].income == 1.0
        assert people[3].income == 0.0
        assert "negative earnings of 1 people count as no income" in people.assumptions

    def test_a_code_that_is_unknown_is_quoted_with_its_column(self) -> None:
        with pytest.raises(DataError, match=r"row 2, column occupation: 'ptype=9'; use one of"):
            _read(PERSONS.assign(ptype=[9, 6, 7, 5, 8, 4]))

    def test_people_whose_household_is_missing_are_listed_or_left_out(self) -> None:
        persons = PERSONS.assign(household_id=[1, 1, 1, 2, 3, 99])
        with pytest.raises(DataError, match="row 7, column household_id: '99'; it is not in"):
            _read(persons)
        assert len(_read(persons, bad_rows="drop")) == 5

    def test_a_column_that_occurs_twice_is_refused(self) -> None:
        twice = pd.concat([PERSONS, PERSONS[["sex"]]], axis=1)
        with pytest.raises(DataError, match="there are 2 columns sex; keep one"):
            _read(twice)

    def test_tables_that_cannot_be_joined_are_refused(self) -> None:
        with pytest.raises(DataError, match="table of people needs one column household_id"):
            _read(PERSONS.drop(columns="household_id"))
        with pytest.raises(DataError, match="table of households needs one column household_id"):
            _read(households=HOUSEHOLDS.drop(columns="HHID"))
        with pytest.raises(DataError, match="table of households: hhid repeats in 4 rows"):
            _read(households=HOUSEHOLDS.assign(HHID=1))


def test_the_american_community_survey_is_understood() -> None:
    persons = pd.DataFrame(
        {
            "household_id": [1, 1, 2],
            "per_num": [1, 2, 1],
            "AGEP": [50, 15, 61],
            "SEX": [1, 2, 2],
            "ESR": [1, 0, 3],
            "SCHL": [21, 11, 16],
            "WAGP": [50000.0, None, 0.0],
        }
    )
    households = pd.DataFrame({"household_id": [1, 2], "NP": [2, 1], "VEH": [1, 0]})
    people = _read(persons, households)
    assert [one.id for one in people] == [0, 1, 2]
    assert [one.age for one in people] == [50, 15, 61]
    assert people[0].occupation in EMPLOYED
    assert people[2].occupation is Occupation.UNEMPLOYED
    levels = [one.education for one in people]
    assert levels == [Education.TERTIARY, Education.PRIMARY, Education.SECONDARY]


class TestZones:
    def _people(self, *zones: str | None) -> pd.DataFrame:
        rows = {"id": range(len(zones)), "age": 40, "gender": "male", "home_zone": list(zones)}
        return pd.DataFrame(rows)

    def test_names_and_ids_of_zones_may_be_used(self) -> None:
        town = ZonedTown()
        people = _read(self._people("25", "taz 0", "25.0", None), None, city=town)
        supply = town.supply(Purpose.SLEEP)
        zone_of = dict(zip(supply.places.tolist(), supply.zone.tolist(), strict=True))
        assert [zone_of[one.home] for one in people[:3]] == [0, 0, 0]

    def test_a_zone_that_the_city_does_not_have_is_listed(self) -> None:
        with pytest.raises(
            DataError, match="row 3, column home_zone: 'Atlantis'; use a name or id"
        ):
            _read(self._people("25", "Atlantis"), None, city=ZonedTown())

    def test_a_column_of_ours_that_fits_no_zone_is_refused(self) -> None:
        with pytest.raises(DataError, match="none of the 2 zones of column home_zone"):
            _read(self._people("north", "south"), None, city=ZonedTown())

    def test_numbers_of_rows_are_no_names_of_zones(self) -> None:
        town = ZonedTown()
        count = len(town.zones.ids)
        town.zones.ids = town.zones.names = [str(row) for row in range(count)]
        with pytest.raises(DataError, match="without names or ids of their own"):
            _read(self._people("0", "1"), None, city=town)


class TestMoney:
    def _people(self, **cells: Sequence[Any]) -> pd.DataFrame:
        count = len(next(iter(cells.values())))
        rows = {"id": range(count), "age": 40, "gender": "male", "occupation": "office_worker"}
        return pd.DataFrame({**rows, **cells})

    @pytest.mark.parametrize(
        "incomes", [[52000], [2100, 3300, 0], [40.0] * 12, ["52000", None, "31000"]]
    )
    def test_amounts_of_money_are_no_incomes(self, incomes: list[Any]) -> None:
        with pytest.raises(DataError, match=r"multiples of the median.*call the column earn"):
            _read(self._people(income=incomes), None)

    @pytest.mark.parametrize("incomes", [[0.5, 1.0, 30.0], [12.0], [0.0, 0.0], [None, 1.0]])
    def test_multiples_of_the_median_are(self, incomes: list[Any]) -> None:
        assert len(_read(self._people(income=incomes), None)) == len(incomes)

    def test_an_unlikely_median_is_told(self) -> None:
        people = _read(self._people(income=[3.0, 3.2, 3.4] * 4), None)
        assert any(
            line.startswith("the median of 12 incomes is 3.2") for line in people.assumptions
        )

    def test_one_amount_among_multiples_is_a_defect(self) -> None:
        with pytest.raises(DataError, match=r"row 3, column income: '52000.0'; use a number in"):
            _read(self._people(income=[1.0, 52000, 0.9, 1.1]), None)

    def test_earnings_of_households_are_shared_among_their_employed_members(self) -> None:
        people = self._people(household_earnings=[80000, 80000, 20000], household_id=[1, 1, 2])
        found = [one.income for one in _read(people, None)]
        # 40,000, 40,000 and 20,000, whose median is 40,000.
        assert found == [1.0, 1.0, 0.5]

    def test_where_nobody_earns_there_is_no_income(self) -> None:
        people = self._people(earnings=[-5.0, 0.0])
        read = _read(people, None)
        assert [one.income for one in read] == [0.0, 0.0]
        assert any("of 2 people are all 0 or negative" in note for note in read.assumptions)
        assert not any("median" in note for note in read.assumptions)

    def test_incomes_that_are_all_0_are_noted(self) -> None:
        read = _read(self._people(income=[0.0] * 10), None)
        assert any("income is 0 in all 10 rows" in note for note in read.assumptions)
