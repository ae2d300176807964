"""Forms for people: out as CSV, filled in, and in again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.judges import ItemSet, draw_items
from mesa_llm_city.experiments.judges.forms import item_form, pair_form, read_form
from mesa_llm_city.experiments.judges.item import CRITERIA
from mesa_llm_city.experiments.judges.judging import judge_pairs
from mesa_llm_city.experiments.judges.rule_judge import RuleJudge
from mesa_llm_city.experiments.judges.verdicts import read_ratings, read_verdicts
from tests.experiments.judges.sources import source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    runs = {"SECRET-A": source(), "SECRET-B": source()}
    draw_items(runs, kinds=("routine",), trials=3).write(tmp_path)
    return tmp_path


def filled(folder: Path, answers: dict[int, str], *, between: str = ",") -> Path:
    """Return a form of pairs with the same answer in each column of some rows."""
    form = pair_form(folder, "Anna")
    for row, answer in answers.items():
        form.loc[row, [*CRITERIA]] = answer
    file = folder / "filled.csv"
    form.to_csv(file, index=False, sep=between)
    return file


def test_a_form_shows_both_records_and_no_run(folder: Path) -> None:
    form = pair_form(folder, "Anna")
    assert len(form) == 3
    assert set(form["order"]) <= {"12", "21"}
    assert "SECRET" not in csv_text(form) + csv_text(item_form(folder, "Anna"))


@pytest.mark.parametrize("between", [",", ";"])
def test_answers_are_kept_in_the_order_of_the_pair(folder: Path, between: str) -> None:
    orders = pair_form(folder, "Anna")["order"]
    assert read_form(folder, filled(folder, {0: "1", 2: "="}, between=between), "Anna") == 2
    first, last = read_verdicts(folder)
    assert first.overall == ("second" if orders[0] == "21" else "first")
    assert first.swapped == (orders[0] == "21")
    assert (last.overall, last.judge_kind) == ("tie", "person")


def test_a_form_may_be_read_again_when_more_is_filled_in(folder: Path) -> None:
    read_form(folder, filled(folder, {0: "1"}), "Anna")
    assert read_form(folder, filled(folder, {0: "2", 1: "2"}), "Anna") == 2
    assert len(read_verdicts(folder)) == 2


def test_ratings_are_read_from_a_form(folder: Path) -> None:
    form = item_form(folder, "Ben")
    form.loc[1, "score"] = "4"
    form.to_csv(folder / "form.csv", index=False)
    assert read_form(folder, folder / "form.csv", "Ben") == 1
    (rating,) = read_ratings(folder)
    assert (rating.item, rating.score) == (ItemSet.read(folder).items[1].id, 4)


def test_all_answers_that_cannot_be_used_are_listed(folder: Path) -> None:
    file = filled(folder, {0: "yes"})
    form = pd.read_csv(file, dtype=str)
    form.loc[1, "pair"] = "pair-0099"
    form.to_csv(file, index=False)
    with pytest.raises(DataError) as raised:
        read_form(folder, file, "Anna")
    assert "row 2: naturalness must be 1, 2 or =, got 'yes'" in str(raised.value)
    assert "row 3: there is no pair 'pair-0099'" in str(raised.value)
    assert read_verdicts(folder) == []


def test_a_score_outside_the_scale_is_refused(folder: Path) -> None:
    form = item_form(folder, "Ben").assign(score="6")
    form.to_csv(folder / "form.csv", index=False)
    with pytest.raises(DataError, match="whole number from 1 to 5, got '6'"):
        read_form(folder, folder / "form.csv", "Ben")


def test_any_other_table_is_no_form(folder: Path) -> None:
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="is no form"):
        read_form(folder, folder / "other.csv", "Ben")


@pytest.mark.parametrize("name", ["", "=1+1", "../x", "a" * 61])
def test_a_name_that_could_harm_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="name of a judge"):
        pair_form(folder, name)


def test_a_person_cannot_take_the_name_of_a_rule(folder: Path) -> None:
    judge_pairs(folder, RuleJudge())
    with pytest.raises(ConfigError, match="choose another name"):
        read_form(folder, filled(folder, {0: "1"}), "oddities")
