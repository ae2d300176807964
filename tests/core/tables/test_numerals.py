"""Commas in numbers part thousands or decimals, as the column and the file say."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.tables.numerals import plain_numbers


@pytest.mark.parametrize(
    ("column", "separator", "read"),
    [
        (["12,345", "900"], ",", ["12345", "900"]),
        (["1,234,567.5", "2"], ";", ["1234567.5", "2"]),
        (["139,7", "139,71"], ",", ["139.7", "139.71"]),
        (["12,345", "1,5"], ",", ["12.345", "1.5"]),
        (["12,345", "900"], ";", ["12.345", "900"]),
        (["1.234,5", "7"], ";", ["1234.5", "7"]),
        (["12 345", "1\u00a0000,5"], ",", ["12345", "1000.5"]),
        (["12'345", "7"], ",", ["12345", "7"]),
        (["１２", "−3,5"], ",", ["12", "-3.5"]),  # noqa: RUF001
        (["0,123", "12,345"], ";", ["0.123", "12.345"]),
        (["1,5e3", "2"], ",", ["1.5e3", "2"]),
    ],
)
def test_numbers_are_rewritten_as_python_reads_them(
    column: list[str], separator: str, read: list[str]
) -> None:
    plain_numbers([column], separator)
    assert column == read


@pytest.mark.parametrize(
    "column",
    [
        ["Bar, the", "Café"],
        ["35.66,139.70", "35.67,139.71"],
        ["Mo-Fr 08:00-12:00", "24/7"],
        ["1,2,3", "1,2"],
        ["1.5", "12.345"],
        ["89a9,1", "x"],
        ["12,34,5", "abc"],
        ["2024-05-03", "2024-05-04"],
    ],
)
def test_text_and_plain_numbers_stay(column: list[str]) -> None:
    before = list(column)
    plain_numbers([column], ",")
    assert column == before


def test_other_columns_decide_what_one_leaves_open() -> None:
    lon, people = ["139,7", "139,71"], ["12.345", "1.200"]
    assert plain_numbers([lon, people], ";") == (2, 2)
    assert people == ["12345", "1200"]
    lon, people = ["139.70", "139.71"], ["12,345", "1,200"]
    plain_numbers([lon, people], ";")
    assert people == ["12345", "1200"]


def test_what_stands_in_every_cell_is_the_decimal_sign() -> None:
    lat, people = ["35.661", "35.662"], ["12,345", "900"]
    plain_numbers([lat, people], ";")
    assert (lat, people) == (["35.661", "35.662"], ["12345", "900"])
    lat, people = ["35,661", "35,662"], ["12.345", "900"]
    plain_numbers([lat, people], ";")
    assert (lat, people) == (["35.661", "35.662"], ["12345", "900"])


def test_three_decimals_in_a_file_with_commas_stay_decimals() -> None:
    lat, rating = ["35.661", "35.662"], ["4,5", "3,5"]
    plain_numbers([lat, rating], ",")
    assert (lat, rating) == (["35.661", "35.662"], ["4.5", "3.5"])
