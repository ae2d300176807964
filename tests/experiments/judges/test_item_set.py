"""Items are drawn blind, in pairs of equal persons and days, and survive a folder."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from mesa_llm_city import City, CityModel
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.judges import ItemSet, ItemSource, draw_items
from tests.experiments.judges.sources import conversations, people, source

DECIDED = "models prefer this"


def drawn(trials: int = 3, **runs: ItemSource) -> ItemSet:
    return draw_items(runs or {"SECRET-A": source(), "SECRET-B": source()}, trials=trials)


def test_what_judges_see_does_not_tell_the_run(tmp_path: Path) -> None:
    runs = {"SECRET-A": source("SECRET-1", DECIDED), "SECRET-B": source("SECRET-2", DECIDED)}
    draw_items(runs, kinds=("routine", "dialogue", "mobility", "reaction"), trials=2).write(
        tmp_path
    )
    for file in ("items.jsonl", "pairs.csv"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "SECRET" not in text
        assert DECIDED not in text
    assert "SECRET-A" in (tmp_path / "key.csv").read_text(encoding="utf-8")


def test_the_name_of_an_item_does_not_go_with_its_run() -> None:
    found = draw_items({"a": source(), "b": source()}, kinds=("routine",), trials=3)
    runs = [one.run for one in found.key]
    assert sorted(runs) == ["a"] * 3 + ["b"] * 3
    assert runs != sorted(runs)
    assert [one.id for one in found.items] == [one.item for one in found.key]


def test_runs_of_the_same_people_are_compared_person_by_person() -> None:
    found = draw_items({"a": source(), "b": source()}, kinds=("routine",), trials=3)
    key = {one.item: one for one in found.key}
    assert len(found.pairs) == 3
    for pair in found.pairs:
        first, second = key[pair.first], key[pair.second]
        assert (first.person, first.moment) == (second.person, second.moment)
        assert {first.run, second.run} == {"a", "b"}


def test_pairs_that_are_the_same_on_both_sides_are_told() -> None:
    one = source()
    notes = draw_items({"one": one, "the same": one}, kinds=["routine"], trials=2).notes
    assert any(note.startswith("2 of 2 pairs are the same on both sides") for note in notes)


def test_other_people_are_drawn_from_each_run_alone() -> None:
    others = source(people=people(age=[50, 51, 52]))
    found = draw_items({"a": source(), "b": others}, kinds=("routine",), trials=3)
    assert not any("same persons" in note for note in found.notes)
    assert len(found.pairs) == 3


def test_each_two_of_several_runs_are_compared() -> None:
    found = draw_items(dict.fromkeys("abc", source()), kinds=("routine",), trials=2)
    run_of = found.run_of
    compared = sorted("".join(sorted({run_of[p.first], run_of[p.second]})) for p in found.pairs)
    assert compared == ["ab", "ab", "ac", "ac", "bc", "bc"]


def test_a_kind_that_a_run_has_not_is_left_out_with_a_note() -> None:
    silent = source(conversations=conversations(words=""))
    found = drawn(a=source(), b=silent)
    assert found.kinds == ("routine",)
    assert "dialogue left out, since there is none in b" in found.notes


def test_one_run_has_items_to_rate_and_no_pairs() -> None:
    assert not drawn(a=source()).pairs


def test_the_same_seed_draws_the_same() -> None:
    assert drawn() == drawn()


def test_a_folder_gives_back_what_was_written(tmp_path: Path) -> None:
    found = drawn()
    found.write(tmp_path)
    assert ItemSet.read(tmp_path) == found


def test_items_are_not_overwritten(tmp_path: Path) -> None:
    drawn().write(tmp_path)
    with pytest.raises(ConfigError, match="holds items already"):
        drawn().write(tmp_path)


@pytest.mark.parametrize("file", ["items.jsonl", "key.csv", "pairs.csv", "judging.json"])
def test_a_damaged_file_is_named(tmp_path: Path, file: str) -> None:
    drawn().write(tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(DataError, match=str(tmp_path.name)):
        ItemSet.read(tmp_path)


def test_items_of_a_live_model_are_made_as_those_of_a_folder() -> None:
    model = CityModel(City.synthetic(rng=1, places=300), 4, rng=7)
    model.run_days(1)
    found = drawn(a=ItemSource.of_model(model))
    assert {one.person for one in found.key} <= {one.person for one in model.citizens}
    routine = found.items[0]
    assert routine.lines[0].startswith("00:00-")
    assert "-year-old" in routine.about
    assert json.dumps(routine._asdict())


def test_wrong_options_are_named() -> None:
    with pytest.raises(ConfigError, match="at least one run and one trial"):
        draw_items({}, trials=1)
    with pytest.raises(ConfigError, match="a label is a word"):
        draw_items({"=1+1": source()})
    with pytest.raises(ConfigError, match="kinds must be some of routine"):
        draw_items({"a": source()}, kinds=("poem",))


def test_a_record_may_hold_any_end_of_a_line(tmp_path: Path) -> None:
    found = draw_items({"a": source()}, kinds=("routine",), trials=1)
    items = tuple(one._replace(lines=("one\u2028two\x85three",)) for one in found.items)
    dataclasses.replace(found, items=items).write(tmp_path)
    assert ItemSet.read(tmp_path).items == items


def test_names_without_a_number_are_told(tmp_path: Path) -> None:
    drawn().write(tmp_path)
    text = (tmp_path / "pairs.csv").read_text(encoding="utf-8")
    (tmp_path / "pairs.csv").write_text(text.replace("pair-0000", "pair-x"), encoding="utf-8")
    with pytest.raises(DataError, match="do not fit together"):
        ItemSet.read(tmp_path)
