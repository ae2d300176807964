"""Tables of people: reading, checking, drawing what is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mesa_llm_city
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Marginals, Occupation, Population, Role
from mesa_llm_city.population.table.schema import TEXTS, people_columns
from tests.population.fake_town import FakeTown

COLUMNS = people_columns(CityParameters())
ROOT = Path(mesa_llm_city.__file__).parents[1]


def _read(rows: Sequence[dict[str, Any]], **options: Any) -> Population:  # noqa: ANN401 - passed on
    return Population.from_table(pd.DataFrame(list(rows)), city=FakeTown(), **options)


def _row(id_: int, age: float = 40, **cells: Any) -> dict[str, Any]:  # noqa: ANN401 - any cell
    return {"id": id_, "age": age, "gender": "female", **cells}


def _defects(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    with pytest.raises(DataError) as caught:
        _read(rows)
    return caught.value.defects


class TestRoundTrip:
    @pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
    def test_a_population_that_was_written_is_read_as_it_was(
        self, tmp_path: Path, ending: str
    ) -> None:
        town = FakeTown()
        people = Population.synthesize(150, city=town, rng=7)
        path = tmp_path / f"people.{ending}"
        frame = people.to_frame()
        if ending == "parquet":
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False)
        again = Population.from_table(path, city=town, rng=99)
        assert again.people == people.people
        assert again.assumptions == ()

    def test_a_table_with_geometry_can_be_read_as_well(self, tmp_path: Path) -> None:
        town = FakeTown()
        people = Population.synthesize(20, city=town, rng=7)
        people.to_geodataframe(town).to_parquet(tmp_path / "people.parquet")
        again = Population.from_table(tmp_path / "people.parquet", city=town)
        assert again.people == people.people
        assert again.assumptions == ("columns not read: geometry",)

    def test_a_written_table_holds_all_columns_but_coordinates(self) -> None:
        frame = Population.synthesize(5, city=FakeTown()).to_frame()
        points = {f"{anchor}_{end}" for anchor in ("home", "work") for end in ("lon", "lat")}
        other_ways = {"earnings", "household_earnings", "group_quarters", "home_zone"}
        assert set(frame.columns) == {*COLUMNS, *TEXTS, "role"} - points - other_ways


class TestDrawing:
    def test_three_columns_are_enough(self) -> None:
        people = _read([_row(10 * i, age=i) for i in range(100)])
        assert [one.id for one in people] == [10 * i for i in range(100)]
        assert [one.age for one in people] == list(range(100))
        assert all(not one.is_employed for one in people if one.age < 15)
        assert all(one.household.role is not Role.SINGLE for one in people if one.age < 16)

    def test_further_rows_and_another_order_change_nobody(self) -> None:
        rows = [_row(i, age=(37 * i) % 95) for i in range(60)]
        few = {one.id: one for one in _read(rows[:20])}
        many = {one.id: one for one in _read(rows[::-1])}
        assert all(many[id_] == one for id_, one in few.items())

    def test_what_is_given_is_kept(self) -> None:
        row = _row(
            5,
            name="Mina Ono",
            occupation="Retired",
            age=70,
            income=0.7,
            openness=3,
            hobbies="gardening; Bars",
            has_car="yes",
            wake_min=300,
            eats_out=0.35,
        )
        (mina,) = _read([row])
        assert mina.name == "Mina Ono"
        assert mina.occupation is Occupation.RETIRED
        assert (mina.income, mina.big_five.openness, mina.has_car) == (0.7, 3, True)
        assert mina.hobbies == ("gardening", "bars")
        assert (mina.habits.wake_min, mina.habits.eats_out) == (300, 0.35)

    def test_a_night_gives_way_to_the_end_that_is_given(self) -> None:
        late, early = _read([_row(1, bed_min=1900), _row(2, wake_min=1000)])
        assert 300 <= late.habits.sleep_minutes <= 720
        assert 300 <= early.habits.sleep_minutes <= 720

    def test_preferences_are_taken_whole_or_drawn_whole(self) -> None:
        names = ("leisure", "sport", "social", "shopping", "rest")
        given: dict[str, Any] = {f"likes_{name}": 0.9 for name in names}
        whole, part = _read([_row(1, **given), _row(2, **{**given, "likes_rest": None})])
        assert set(whole.preferences.values()) == {0.9}
        assert sum(part.preferences.values()) == pytest.approx(1.0)

    def test_a_weight_for_a_new_purpose_is_read_if_the_parameters_know_the_purpose(self) -> None:
        rows = [_row(1, likes_worship=0.7), _row(2)]
        parameters = CityParameters(purposes={"worship": {"usual_min": 60}})
        religious, other = _read(rows, parameters=parameters)
        assert religious.preferences["worship"] == 0.7
        assert "worship" not in other.preferences
        assert sum(other.preferences.values()) == pytest.approx(1.0)
        assert "columns not read: likes_worship" in _read(rows).assumptions

    def test_a_new_hobby_can_be_named(self) -> None:
        parameters = CityParameters(population={"hobbies": {"chess": {"purpose": "social"}}})
        (one,) = _read([_row(1, hobbies="Chess")], parameters=parameters)
        assert one.hobbies == ("chess",)

    def test_ages_that_rows_must_keep_to_are_parameters(self) -> None:
        early = CityParameters.from_dotted({"population.ages.feasible.retired.low": 40})
        (one,) = _read([_row(1, 45, occupation="retired")], parameters=early)
        assert one.occupation is Occupation.RETIRED

    def test_members_of_a_household_share_home_surname_and_size(self) -> None:
        rows = [
            _row(1, household_id=9, household_role="parent"),
            _row(2, age=8, household_id=9, household_role="child"),
            _row(3, household_id=None),
        ]
        mother, child, other = _read(rows)
        assert mother.home == child.home
        assert mother.name.split()[1] == child.name.split()[1]
        assert mother.household.size == child.household.size == 2
        assert other.household.id == -4

    def test_a_size_given_once_counts_for_all_members(self) -> None:
        rows = [_row(1, household_id=9, household_size=4), _row(2, household_id=9)]
        assert [one.household.size for one in _read(rows)] == [4, 4]

    def test_combinations_that_the_marginals_lack_can_be_given(self) -> None:
        rows = [_row(1, age=78, household_role="child"), _row(2, age=60, occupation="student")]
        child, student = _read(rows)
        assert child.household.size > 1
        assert student.work is not None

    def test_the_report_compares_only_with_marginals_that_are_given(self) -> None:
        rows = [_row(i) for i in range(5)]
        assert "no marginals" in str(_read(rows).fit_report())
        assert "SRMSE" in str(_read(rows, marginals=Marginals.default()).fit_report())

    def test_assumptions_say_what_was_drawn_and_what_was_not_read(self) -> None:
        assumptions = _read([_row(1, shoe_size=38, name="A B"), _row(2, name=None)]).assumptions
        assert "drawn for 1 of 2 people: name" in assumptions
        assert "columns not read: shoe_size" in assumptions


class TestAnchors:
    def test_homes_by_coordinates_become_residences_one_per_point(self) -> None:
        town = FakeTown()
        before = len(town.x)
        rows = [
            _row(1, home_lon=0.02, home_lat=0.03),
            _row(2, home_lon=0.01, home_lat=0.01),
            _row(3, home_lon=0.02, home_lat=0.03),
        ]
        people = Population.from_table(pd.DataFrame(rows), city=town)
        assert [one.home for one in people] == [before, before + 1, before]
        assert town.position(people[0].home) == (2000.0, 3000.0)

    def test_a_table_read_twice_on_one_city_adds_no_second_home(self) -> None:
        town = FakeTown()
        before = len(town.x)
        rows = [
            _row(1, home_lon=0.02, home_lat=0.03),
            _row(2, home_lon=0.01, home_lat=0.01),
            *(_row(id_) for id_ in range(3, 40)),
        ]
        first, second = (Population.from_table(pd.DataFrame(rows), city=town) for _ in range(2))
        assert len(town.x) == before + 2
        assert second.people == first.people

    def test_a_point_on_a_residence_of_the_city_is_that_residence(self) -> None:
        town = FakeTown()
        before = len(town.x)
        town.x[5], town.y[5] = 2000.0, 3000.0
        row = _row(1, home_lon=0.02, home_lat=0.03)
        (one,) = Population.from_table(pd.DataFrame([row]), city=town)
        assert one.home == 5
        assert len(town.x) == before

    def test_a_member_without_home_lives_with_the_others(self) -> None:
        rows = [
            _row(2, household_id=1),
            _row(1, household_id=1, home_place=7),
            _row(3, household_id=2),
        ]
        first, second, third = _read(rows)
        assert first.home == second.home == 7
        assert third.home != 7

    def test_workplaces_by_coordinates_are_the_nearest_of_their_kind(self) -> None:
        town = FakeTown()
        schools, jobs = town.supply(Purpose.SCHOOL), town.supply(Purpose.WORK)
        rows = [
            _row(1, 10, occupation="pupil", work_lon=0.03, work_lat=0.03),
            _row(2, 40, occupation="office_worker", work_lon=0.03, work_lat=0.03),
        ]
        pupil, worker = Population.from_table(pd.DataFrame(rows), city=town)
        for one, supply in ((pupil, schools), (worker, jobs)):
            gaps = np.hypot(supply.x - 3000, supply.y - 3000)
            assert one.work == supply.places[gaps.argmin()]

    def test_a_place_id_counts_more_than_coordinates(self) -> None:
        (one,) = _read([_row(1, home_place=3, home_lon=9.0, home_lat=9.0)])
        assert one.home == 3

    def test_people_who_do_not_work_have_no_workplace_unless_given(self) -> None:
        place = int(FakeTown().supply(Purpose.WORK).places[0])
        rows = [
            _row(1, 70, occupation="retired"),
            _row(2, 70, occupation="retired", work_place=place),
        ]
        assert [one.work for one in _read(rows)] == [None, place]

    def test_a_city_without_homes_is_an_error_unless_all_are_given(self) -> None:
        town = FakeTown(homes=0)
        rows = pd.DataFrame([_row(1, home_lon=0.02, home_lat=0.03)])
        assert len(Population.from_table(rows, city=town)) == 1
        with pytest.raises(DataError, match="1 people of the table have no home"):
            Population.from_table(pd.DataFrame([_row(1)]), city=FakeTown(homes=0))

    def test_a_city_without_the_kind_of_place_near_a_point_is_an_error(self) -> None:
        rows = [_row(1, 10, occupation="pupil", work_lon=0.03, work_lat=0.03)]
        with pytest.raises(DataError, match="no place of the city offers school"):
            Population.from_table(pd.DataFrame(rows), city=FakeTown(schools=0))


class TestDefects:
    def test_all_defects_are_listed_with_row_and_column(self) -> None:
        defects = _defects(
            [
                _row(1, 7, occupation="office_worker"),
                _row(1, 30, occupation="pirate"),
                {"id": "x", "age": 200, "gender": ""},
                _row(4, home_lon=5.0, home_lat=0.0),
            ]
        )
        for line in (
            "row 2, column occupation: office_worker at the age of 7",
            "row 3, column occupation: 'pirate'; use one of infant, pupil",
            "row 3, column id: 1; it stands in a row above already",
            "row 4, column id: 'x'; use a whole number",
            "row 4, column age: '200'; use a whole number in [0, 120]",
            "row 4, column gender: blank; it is required",
            "row 5, column home_lon: (5.00000, 0.00000) lies outside the map",
        ):
            assert any(defect.startswith(line) for defect in defects), line

    def test_missing_columns_are_named(self) -> None:
        assert _defects([{"name": "A"}]) == tuple(
            f"column {name} is missing; it is required (it has name)" for name in ("age", "gender")
        )

    def test_ten_rows_of_a_kind_are_shown_and_the_others_counted(self) -> None:
        pirates = [_row(i, occupation="pirate") for i in range(223)]
        defects = _defects([*pirates, _row(223)])
        assert len(defects) == 11
        assert defects[-1] == "column occupation: ... and 213 more rows"

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ([_row(1, 17, has_licence="true")], "column has_licence: a licence at the age of 17"),
            ([_row(1, 40, occupation="retired")], "retired is accepted from 55 to 120 years"),
            ([_row(1, 10, household_size=1)], "nobody under 16 lives alone"),
            (
                [_row(1, household_role="parent", household_size=1)],
                "the role is single in a household of 1, and in no other",
            ),
            (
                [_row(1, household_id=1, household_role="single"), _row(2, household_id=1)],
                "column household_size: a household of 2; the role is single",
            ),
            (
                [_row(i, household_id=1, household_size=2) for i in range(3)],
                "the table holds more members of it",
            ),
            (
                [_row(i, household_id=1, household_size=2 + i) for i in range(2)],
                "give all members of a household the same size",
            ),
            ([_row(1, wake_min=800, bed_min=790)], "column bed_min: 790 after getting up at 800"),
            ([_row(1, bed_min=100)], "column bed_min: '100'"),
            (
                [_row(1, home_lon=0.01)],
                "column home_lon: one coordinate only; give home_lat as well",
            ),
            ([_row(1, home_lon=500, home_lat=0)], "use a number in [-180, 180]"),
            ([_row(1, work_lon=1.0, work_lat=1.0)], "(1.00000, 1.00000) lies outside the map"),
            ([_row(1, home_place=10**6)], "column home_place: 1000000; use the id of a residence"),
            ([_row(1, work_place=0, home_place=1)], "column work_place: 0; use the id of a place"),
            ([_row(1, openness=4)], "column openness: '4'; use a whole number in [1, 3]"),
            ([_row(1, age=30.5)], "column age: '30.5'; use a whole number"),
            ([_row(1, has_car="maybe")], "column has_car: 'maybe'; use one of true, false"),
            ([_row(1, hobbies="running; piracy")], "column hobbies: 'running; piracy'; separate"),
            ([_row(1, income="inf")], "column income: 'inf'"),
        ],
    )
    def test_each_contradiction_is_listed(self, rows: list[dict[str, Any]], message: str) -> None:
        assert any(message in defect for defect in _defects(rows))

    def test_columns_that_occur_twice_are_refused(self) -> None:
        frame = pd.DataFrame([[1, 30, 31, "male"]], columns=["id", "age", "Age", "gender"])
        with pytest.raises(DataError, match="there are 2 columns age; keep one"):
            Population.from_table(frame, city=FakeTown())

    def test_an_empty_table_is_refused(self) -> None:
        frame = pd.DataFrame(columns=["id", "age", "gender"])
        with pytest.raises(DataError, match="there is no row"):
            Population.from_table(frame, city=FakeTown())

    def test_nothing_is_added_to_the_city_when_there_are_defects(self) -> None:
        town = FakeTown()
        before = len(town.x)
        frame = pd.DataFrame([_row(1, home_lon=0.01, home_lat=0.01), _row(1)])
        with pytest.raises(DataError):
            Population.from_table(frame, city=town)
        assert len(town.x) == before

    @pytest.mark.parametrize("name", ["people.xlsx", "people.csv", "people.parquet"])
    def test_a_file_that_cannot_be_read_is_a_data_error(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_bytes(b"")
        with pytest.raises(DataError, match=name):
            Population.from_table(path, city=FakeTown())

    def test_the_file_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "people.csv"
        path.write_text("id,age,gender\n1,30,?\n")
        with pytest.raises(DataError, match=r"people\.csv has 1 defect"):
            Population.from_table(path, city=FakeTown())

    def test_an_impossible_seed_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="rng must be a whole number"):
            _read([_row(1)], rng=-1)


def test_every_column_and_category_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "people_table.md").read_text(encoding="utf-8")
    for name in (*COLUMNS, *TEXTS, *Occupation, *Role):
        assert f"`{name}`" in page, name
