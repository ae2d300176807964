"""The table of kinds gives each kind of place a meaning, or refuses, with every reason."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mesa_llm_city.city.categories import Categories, Category
from mesa_llm_city.city.loading.wanted_kinds import TAG_KEYS
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Purpose

HEADER = "key,purposes,jobs,residents,price,weekday,saturday,sunday\n"


def found(kind: str) -> Category:
    row = Categories.default().find(kind)
    assert row is not None
    return row


class TestDefault:
    @pytest.mark.parametrize(
        ("kind", "purpose"),
        [
            ("amenity=restaurant", Purpose.MEAL),
            ("Coffee Shop", Purpose.MEAL),
            ("Café", Purpose.MEAL),
            ("Vietnamese Restaurant", Purpose.MEAL),
            ("shop=bakery", Purpose.SHOPPING),
            ("Hobby Shop", Purpose.SHOPPING),
            ("Drugstore / Pharmacy", Purpose.HEALTH),
            ("Ramen /  Noodle House", Purpose.MEAL),
            ("amenity=school", Purpose.SCHOOL),
            ("Home (private)", Purpose.SLEEP),
            ("building=apartments", Purpose.SLEEP),
            ("leisure=park", Purpose.LEISURE),
            ("Gym / Fitness Center", Purpose.SPORT),
        ],
    )
    def test_usual_kinds_offer_what_people_expect(self, kind: str, purpose: Purpose) -> None:
        assert purpose in found(kind).purposes

    @pytest.mark.parametrize("kind", ["Road", "amenity=parking", "amenity=toilets", "Neighborhood"])
    def test_kinds_that_nobody_visits_are_left_out(self, kind: str) -> None:
        assert found(kind).is_left_out

    def test_an_office_is_a_workplace_and_nothing_else(self) -> None:
        office = found("Office")
        assert office.purposes == ()
        assert office.jobs > 0
        assert not office.is_left_out

    def test_case_and_spaces_do_not_matter(self) -> None:
        assert found("  COFFEE   shop ") is found("Coffee Shop")

    def test_an_exact_key_comes_before_a_pattern(self) -> None:
        assert found("shop=bakery").key == "shop=bakery"
        assert found("shop=anything").key == "shop=*"

    def test_what_is_not_there_is_none(self) -> None:
        assert Categories.default().find("Moon base") is None
        assert Categories.default().find("amenity=moon_base") is None

    def test_nobody_offers_travel(self) -> None:
        assert all(Purpose.TRAVEL not in row.purposes for row in Categories.default().rows)

    def test_residences_are_homes_without_jobs(self) -> None:
        homes = [row for row in Categories.default().rows if Purpose.SLEEP in row.purposes]
        assert all(row.jobs == 0 and row.residents > 0 for row in homes)

    def test_each_tag_key_that_is_read_occurs_in_the_table(self) -> None:
        keys = {row.key.split("=")[0] for row in Categories.default().rows}
        assert set(TAG_KEYS) <= keys


class TestFromCsv:
    def test_a_table_of_ones_own_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "kinds.csv"
        path.write_text("# mine\n" + HEADER + "tent,sleep rest,0,2,,00:00-24:00,closed,closed\n")
        tent = Categories.from_csv(path).find("Tent")
        assert tent is not None
        assert tent.purposes == (Purpose.SLEEP, Purpose.REST)
        assert tent.week == (((0, 1440),),) * 5 + ((), ())
        assert math.isnan(tent.price)

    def test_every_defect_is_listed_with_row_and_column(self, tmp_path: Path) -> None:
        path = tmp_path / "kinds.csv"
        path.write_text(
            HEADER
            + "a,sleeping,0,2,,closed,closed,closed\n"
            + "b,meal,many,-1,2,9-5,closed,closed\n"
            + "A,meal,1,0,,closed,closed,closed\n"
            + "short,meal,,0,,closed,closed,closed\n"
            + ",meals,1,0,,closed,closed,closed\n"
        )
        with pytest.raises(DataError) as caught:
            Categories.from_csv(path)
        defects = "\n".join(caught.value.defects)
        for told in (
            "row 2, purposes: 'sleeping'",
            "row 3, jobs: 'many'",
            "row 3, residents: '-1'",
            "row 3, price: '2'",
            "row 3, weekday: '9-5'",
            "row 4, key: 'A' stands in row 2",
            "row 6, key: is empty",
            "row 5, jobs: ''",
            "did you mean 'meal'?",
        ):
            assert told in defects

    def test_visitors_may_be_left_out_of_the_table_or_of_a_row(self, tmp_path: Path) -> None:
        path = tmp_path / "kinds.csv"
        shut = "closed,closed,closed"
        path.write_text(f"{HEADER.strip()},visitors\na,meal,1,0,,{shut},70\nb,meal,1,0,,{shut},\n")
        table = Categories.from_csv(path)
        assert table.rows[0].visitors == 70.0
        assert math.isnan(table.rows[1].visitors)
        path.write_text(f"{HEADER.strip()},visitors\na,meal,1,0,,{shut},-3\n")
        with pytest.raises(DataError, match=r"row 2, visitors: .-3. is no number from 0 up"):
            Categories.from_csv(path)

    def test_missing_columns_are_named(self, tmp_path: Path) -> None:
        path = tmp_path / "kinds.csv"
        path.write_text("key,purposes\na,meal\n")
        with pytest.raises(DataError, match="missing columns jobs, residents, price"):
            Categories.from_csv(path)

    def test_a_file_of_comments_has_no_header(self, tmp_path: Path) -> None:
        path = tmp_path / "kinds.csv"
        path.write_text("# nothing\n")
        with pytest.raises(DataError, match="no header and no rows"):
            Categories.from_csv(path)
