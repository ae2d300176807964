"""The page on tables of places lists every column and every kind of place.

``python -m tests.city.test_places_table`` writes the tables of kinds into the page anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import mesa_llm_city
from mesa_llm_city.city.loading import columns
from mesa_llm_city.city.loading.wanted_kinds import TAG_KEYS

PAGE = Path(mesa_llm_city.__file__).parents[1] / "docs" / "reference" / "places_table.md"
BEGIN, END = "<!-- kinds: begin -->\n", "<!-- kinds: end -->\n"
HEADER = (
    "| kind | for | jobs or residents | price | visitors | weekdays | Saturday | Sunday |\n"
    "|---|---|---|---|---|---|---|---|\n"
)


def sections() -> Iterator[tuple[str, list[str]]]:
    """Yield each section of the table of kinds, with its lines."""
    text = (files("mesa_llm_city.city") / "categories.csv").read_text(encoding="utf-8")
    _, *parts = text.split("# --- ")
    for part in parts:
        title, *lines = part.splitlines()
        yield title, lines


def row(line: str) -> str:
    """Return a line of the table of kinds as a row of the page."""
    key, purposes, jobs, residents, price, visitors, *hours = next(csv.reader([line]))
    people = f"{jobs} jobs" if float(jobs) else f"{residents} residents"
    shown = people if float(jobs) or float(residents) else ""
    told = (f"`{key}`", purposes or "-", shown, price, visitors, *hours)
    return f"| {' | '.join(told)} |\n"


def tables() -> str:
    """Return the tables of all kinds, one for each section."""
    return "\n".join(
        f"### {title[0].upper()}{title[1:]}\n\n{HEADER}{''.join(map(row, lines))}"
        for title, lines in sections()
    )


def test_the_page_has_every_kind_with_its_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page.split(BEGIN)[1].split(END)[0]
    assert written == f"\n{tables()}\n", "run python -m tests.city.test_places_table"


def test_a_row_says_who_works_and_who_lives_there() -> None:
    hours = "08:00-18:00,closed,closed"
    bank = row(f"bank,errand,14,0,0.2,180,{hours}")
    assert bank.startswith("| `bank` | errand | 14 jobs | 0.2 | 180 |")
    assert row(f"home,sleep,0,3,,,{hours}").startswith("| `home` | sleep | 3 residents |  |  |")
    assert row(f"road,,0,0,,,{hours}").startswith("| `road` | - |  |  |  | 08:00-18:00 |")


@pytest.mark.parametrize("name", columns.__all__)
def test_the_page_has_every_name_of_a_column(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [one for one in getattr(columns, name) if f"`{one}`" not in page] == []


def test_the_page_has_every_key_of_a_tag() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [key for key in TAG_KEYS if f"`{key}`" not in page] == []


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{after}", encoding="utf-8")
