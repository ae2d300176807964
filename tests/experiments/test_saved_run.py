"""Folders of runs that were truncated, changed or mixed up: one message names the file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city import ConfigError
from mesa_llm_city.cli.results import calls_table
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.saved_tables import read_table
from mesa_llm_city.experiments.unfinished import earlier_options
from mesa_llm_city.ui.views.history import History

pytestmark = pytest.mark.usefixtures("empty_pictures")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run of three people."""
    return run(RunOptions(citizens=3, out=tmp_path_factory.mktemp("whole") / "run"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be spoilt."""
    return shutil.copytree(whole, tmp_path / "run")


def _changed(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
    file = folder / f"{name}.parquet"
    change(pd.read_parquet(file)).to_parquet(file, index=False)
    return folder


def test_what_is_no_run_is_told_with_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "cut.unfinished").mkdir()
    (tmp_path / "file.toml").write_text("")
    told = {
        "cut": r"cut is no complete run: it was broken off, .* with --resume",
        "cut.unfinished": r"is no complete run: .* which leaves its tables in \S*cut$",
        "file.toml": "is a file, and not the folder of a run",
        "nothing": "does not exist: there is no manifest.json in it",
        "": "is no folder of a run: there is no manifest.json in it",
    }
    for name, message in told.items():
        with pytest.raises(ConfigError, match=message):
            read_manifest(tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["trips", "places", "base_map", "people", "needs"])
def test_a_truncated_table_is_named(folder: Path, name: str) -> None:
    file = folder / f"{name}.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError, match=rf"{name}\.parquet cannot be read"):
        History.read(folder)


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("trips", lambda one: one.drop(columns="mode"), r"trips\.parquet .*no column mode"),
        ("visits", lambda one: one.assign(start="x"), "column start must hold times"),
        ("activities", lambda one: one.iloc[:5], "has 5 rows, the manifest says"),
        ("activities", lambda one: one.assign(place=10**6), "are not among the 30.. places"),
        ("decisions", lambda one: one.assign(person=99), "people who are not in people.parquet"),
        ("decisions", lambda one: one.assign(time=pd.Timestamp("1999-01-01")), "outside the run"),
        ("needs", lambda one: one.assign(hunger=float("nan")), r"hunger must hold numbers in \[0"),
        ("people", lambda one: one.assign(id=1), "ids are there twice"),
        ("people", lambda one: one.iloc[:0], "nobody"),
    ],
)
def test_a_changed_table_is_told(
    folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame], problem: str
) -> None:
    with pytest.raises(DataError, match=rf"(?s){problem}"):
        History.read(_changed(folder, name, change))


def test_a_ledger_that_is_none_is_told(folder: Path) -> None:
    (folder / "calls.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"calls\.parquet cannot be read"):
        calls_table(folder)
    pd.DataFrame({"prompt": ["plan"]}).to_parquet(folder / "calls.parquet")
    with pytest.raises(DataError, match="it has no column sample"):
        read_table(folder, "calls")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"days": "1"}, "days must be a whole number, got '1'"),
        ({"days": 0}, "days must be from 1"),
        ({"start": "soon"}, "start must be a day"),
        ({"city": []}, "city must be a table"),
        ({"counts": {"trips": "many"}}, "counts must hold numbers"),
        ({"calls": {}}, "calls has no number for calls, sent"),
    ],
)
def test_a_changed_manifest_is_told(folder: Path, change: dict[str, Any], problem: str) -> None:
    contents = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**contents, **change}))
    with pytest.raises(DataError, match=problem):
        read_manifest(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"config": 1, "parameters": {}}', "\x00"])
def test_a_manifest_that_is_none_is_an_error_for_all_who_read_it(folder: Path, text: str) -> None:
    file = folder / "manifest.json"
    file.write_text(text)
    for use in (read_manifest, History.read, lambda home: earlier_options(home / file.name)):
        with pytest.raises(DataError, match=r"manifest\.json"):
            use(folder)
    with pytest.raises(ConfigError, match=r"manifest\.json"):
        RunOptions.load(file)
