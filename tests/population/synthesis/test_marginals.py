"""Marginals: defaults, files, defects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population.synthesis.marginals import Marginals


def test_every_default_figure_names_its_source_or_is_called_an_assumption() -> None:
    sources = Marginals.default().sources
    assert len(sources) == 107
    assert all(sources.values())


def test_defaults_are_those_of_the_census() -> None:
    marginals = Marginals.default()
    shares = marginals.age_gender.items()
    assert sum(share for name, share in shares if "female" in name) == pytest.approx(0.51, abs=0.01)
    assert marginals.household_size["1"] == 0.38


def test_what_a_file_leaves_out_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text("dimension,category,share\nhousehold_size,1,0.5\nhousehold_size,2,0.5\n")
    marginals = Marginals.from_csv(path)
    assert marginals.household_size == {"1": 0.5, "2": 0.5}
    assert marginals.income == Marginals.default().income


def test_all_defects_of_a_file_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "dimension,category,share\n"
        "household_size,1,-0.5\n"
        "household_size,9,0.5\n"
        "occupation,25-34 pirate,1\n"
        "wealth,rich,0.1\n"
    )
    with pytest.raises(DataError) as caught:
        Marginals.from_csv(path)
    message = "\n".join(caught.value.defects)
    for part in (
        "household_size 1: the share must be in [0, 1], got -0.5",
        "household_size: category '9' is unknown",
        "household_size: the shares add up to 0; make it 1",
        "occupation: category '25-34 pirate' is unknown",
        "occupation 35-44: the shares add up to 0",
        "dimension 'wealth' is unknown",
    ):
        assert part in message
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dimension,category\n", "column share is missing"),
        ("dimension,category,share\nownership,car,lots\n", "row 2, column share: 'lots'"),
        (
            "dimension,category,share\nownership,car,0.1\nownership,car,0.2\n",
            "row 3, column category: ownership 'car' occurs twice",
        ),
        ("dimension,category,share\nownership,car,\n", "row 2, column share: '' is not a number"),
        ("dimension,category,share\nownership,car\n", "line 2: the row has 2 cells, the header 3"),
        ("dimension,category,share\n", "there is no row"),
        ("dimension,categories,share\na,b,1\n", "did you mean 'categories'?"),
        ("dimension,category,share\nownership,cars,0.1\n", "did you mean 'car'?"),
        ("dimension,category,share\nownership,car,0.1\n", "ownership: bicycle is missing"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        Marginals.from_csv(path)
    assert message in str(caught.value)


def test_shares_given_in_code_are_checked_as_well() -> None:
    with pytest.raises(DataError, match=r"household_size: the shares add up to 0\.9"):
        replace(Marginals.default(), household_size={"1": 0.9})


def test_groups_without_people_need_no_occupations() -> None:
    marginals = replace(
        Marginals.default(),
        age_gender={"25-34 female": 1.0},
        occupation={"25-34 office_worker": 1.0},
        education={"25-34 tertiary": 1.0},
    )
    assert marginals.defects() == []


@pytest.mark.parametrize("shares", [None, [1.0], {"1": "all"}, {"1": None}, {1: 1.0}])
def test_shares_that_are_no_numbers_by_category_are_refused(shares: object) -> None:
    with pytest.raises(DataError, match="household_size"):
        replace(Marginals.default(), household_size=shares)  # type: ignore[arg-type]
