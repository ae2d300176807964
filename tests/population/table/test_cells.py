"""Cells and columns that no table of people should have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population import Gender, Population
from tests.population.fake_town import FakeTown


def _read(rows: Sequence[dict[str, Any]], **options: Any) -> Population:  # noqa: ANN401 - passed on
    return Population.from_table(pd.DataFrame(list(rows)), city=FakeTown(), **options)


def _row(id_: Any, age: Any = 40, **cells: Any) -> dict[str, Any]:  # noqa: ANN401 - any cell
    return {"id": id_, "age": age, "gender": "female", **cells}


def _defects(rows: Sequence[dict[str, Any]], **options: Any) -> tuple[str, ...]:  # noqa: ANN401
    with pytest.raises(DataError) as caught:
        _read(rows, **options)
    return caught.value.defects


class TestRequired:
    @pytest.mark.parametrize("column", ["age", "gender"])
    @pytest.mark.parametrize("blank", ["", None, "  ", "NaN", "NULL", float("nan")])
    def test_a_column_that_is_blank_throughout_is_one_defect(
        self, column: str, blank: object
    ) -> None:
        rows = [{**_row(number), column: blank} for number in range(30)]
        assert _defects(rows) == (f"column {column} is blank in all 30 rows; it is required",)

    @pytest.mark.parametrize("bad_rows", ["error", "drop"])
    def test_rows_cannot_be_left_out_for_a_column_that_is_blank(self, bad_rows: str) -> None:
        assert _defects([_row(1, None), _row(2, None)], bad_rows=bad_rows) == (
            "column age is blank in all 2 rows; it is required",
        )

    @pytest.mark.parametrize(
        "age", [400, -1, 34.5, "12,345", "forty", "4_0", "1e3", "inf", "40 years", True, 10**30]
    )
    def test_an_age_that_is_none_is_quoted(self, age: object) -> None:
        (defect,) = _defects([_row(1, age), _row(2)])
        assert defect.startswith(f"row 2, column age: {str(age)!r}; use a whole number in [0, 120]")

    def test_a_fault_of_a_whole_column_is_one_line(self) -> None:
        (defect,) = _defects([_row(number, f"a{number % 5}") for number in range(60)])
        message = (
            "column age: such as 'a0', 'a1', 'a2' in all 60 rows; use a whole number in [0, 120]"
        )
        assert defect == message


class TestGender:
    @pytest.mark.parametrize(
        ("word", "gender"),
        [
            ("F", Gender.FEMALE),
            ("woman", Gender.FEMALE),
            (2, Gender.FEMALE),
            ("2.0", Gender.FEMALE),
            ("m", Gender.MALE),
            (1, Gender.MALE),
            ("X", Gender.OTHER),
        ],
    )
    def test_usual_words_and_codes_are_understood(self, word: object, gender: Gender) -> None:
        (one,) = _read([{**_row(1), "gender": word}])
        assert one.gender is gender

    def test_zero_and_one_do_not_say_who_is_which(self) -> None:
        rows = [{**_row(number), "gender": number % 2} for number in range(6)]
        for bad_rows in ("error", "drop"):
            (defect,) = _defects(rows, bad_rows=bad_rows)
            assert "0 and 1 do not say who is which" in defect


class TestIds:
    @pytest.mark.parametrize(
        ("ids", "reason"),
        [
            ([7] * 8, "id repeats in 7 rows (such as '7'), so it is no key"),
            ([1, 2, 3, 1, 2, 3, 1, 2], "id repeats in 5 rows (such as '1'), so it is no key"),
            (list("abcdefgh"), "the id of 8 of 8 people such as 'a' is no whole number"),
            ([None] * 8, "there is no id"),
        ],
    )
    def test_a_column_that_is_no_key_is_replaced_and_noted(
        self, ids: list[object], reason: str
    ) -> None:
        people = _read([_row(one) for one in ids])
        assert [one.id for one in people] == list(range(8))
        assert f"{reason}; people are numbered by row" in people.assumptions

    def test_a_table_without_ids_is_numbered(self) -> None:
        people = _read([{"age": 40, "gender": "male"}] * 3)
        assert [one.id for one in people] == [0, 1, 2]
        assert "there is no id; people are numbered by row" in people.assumptions

    def test_one_id_that_repeats_among_many_is_a_defect(self) -> None:
        defects = _defects([_row(number) for number in (*range(50), 7)])
        assert defects == (
            (
                "row 52, column id: 7; it stands in a row above already; make it unique, "
                "or leave the column out"
            ),
        )

    def test_households_may_have_any_names(self) -> None:
        rows = [_row(number, household_id=name) for number, name in enumerate("abba")]
        people = _read(rows)
        assert [one.household.id for one in people] == [0, 1, 1, 0]
        assert any("households are numbered" in line for line in people.assumptions)


class TestBadRows:
    def test_rows_that_cannot_be_used_are_left_out_and_counted(self) -> None:
        rows = [_row(1), _row(2, 400), _row(3, occupation="pirate"), _row(4, 7), _row(5, 300)]
        people = _read(rows, bad_rows="drop")
        assert [one.id for one in people] == [1, 4]
        assert "2 rows left out: column age, such as row 3: '400'" in people.assumptions
        assert "1 rows left out: column occupation, such as row 4: 'pirate'" in people.assumptions

    def test_dropping_changes_nobody_else(self) -> None:
        good = [_row(number, 30 + number) for number in range(6)]
        few, all_ = _read([_row(99, 400), *good], bad_rows="drop"), _read(good)
        assert few.people == all_.people

    def test_of_an_id_that_repeats_the_first_row_is_kept(self) -> None:
        people = _read([_row(number) for number in (*range(30), 7)], bad_rows="drop")
        assert [one.id for one in people] == list(range(30))

    def test_a_table_of_which_nothing_is_left_is_refused(self) -> None:
        defects = _defects([_row(number, 400) for number in range(9)], bad_rows="drop")
        assert defects[0] == "no row can be used"

    def test_the_message_names_the_option(self) -> None:
        with pytest.raises(DataError, match=r"bad_rows='drop' \(--bad-rows drop\)"):
            _read([_row(1, 400), _row(2)])
        with pytest.raises(ConfigError, match="bad_rows must be 'error' or 'drop', got 'skip'"):
            _read([_row(1)], bad_rows="skip")


@pytest.mark.parametrize("table", [None, 7, [_row(1)], {"id": [1]}])
def test_what_is_no_table_is_refused(table: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(ConfigError, match="people must be the path of a file or a pandas"):
        Population.from_table(table, city=FakeTown())


class TestText:
    def test_names_are_kept_on_one_line(self) -> None:
        (one,) = _read([_row(1, name="Mina\x00\n Ono\u2028")])
        assert one.name == "Mina Ono"

    def test_text_that_no_file_could_hold_is_mended(self) -> None:
        frame = pd.DataFrame([_row(1)])
        frame["name"] = pd.Series(["Mina \ud800no"], dtype=object)
        (one,) = Population.from_table(frame, city=FakeTown())
        assert one.name == "Mina ?no"

    def test_a_name_that_would_fill_a_prompt_is_refused(self) -> None:
        (defect,) = _defects([_row(1, name="x" * 5000), _row(2)])
        assert "of 5000 characters; use 100 characters at most" in defect


def test_a_household_id_that_is_constant_is_no_household() -> None:
    (defect,) = _defects([_row(number, household_id=1) for number in range(120)])
    assert defect.startswith("column household_id: 120 rows in all 120 rows; a household has 100")
