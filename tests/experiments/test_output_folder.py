"""The folder of a run: the one that was asked for, or the next free number."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import Progress, RunOptions
from mesa_llm_city.experiments.output_folder import with_folder


class _Messages(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let default folders lie below a folder of the test."""
    monkeypatch.chdir(tmp_path)


def _options(**given: object) -> RunOptions:
    return RunOptions(mind="prompt", llm="openai/tiny", **given)


def _complete(name: str, options: RunOptions, *, second: int = 0) -> None:
    told = options.to_dict()
    parameters = told.pop("parameters")
    folder = Path("runs", name)
    folder.mkdir(parents=True)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"config": told, "parameters": parameters}))
    os.utime(manifest, (second, second))


def _broken_off(name: str, options: RunOptions, *, second: int = 0) -> None:
    folder = Path("runs", f"{name}.unfinished")
    folder.mkdir(parents=True)
    file = folder / "options.json"
    file.write_text(json.dumps(options.to_dict()))
    for one in (file, folder):
        os.utime(one, (second, second))


def _folder(options: RunOptions) -> str:
    return with_folder(options, Progress()).folder.as_posix()


class TestNewRun:
    def test_the_first_one_is_named_by_model_and_seed(self) -> None:
        assert _folder(RunOptions(seed=3)) == "runs/town_day-3"

    def test_later_ones_get_the_next_free_number(self) -> None:
        for name in ("town_day-7", "town_day-7-2", "town_day-71"):
            _complete(name, RunOptions())
        assert _folder(RunOptions()) == "runs/town_day-7-3"

    def test_a_folder_that_was_asked_for_is_taken_as_it_is(self) -> None:
        _complete("town_day-7", RunOptions())
        assert _folder(RunOptions(out=Path("runs/town_day-7"))) == "runs/town_day-7"

    def test_by_force_the_first_one_is_replaced(self) -> None:
        _complete("town_day-7", RunOptions())
        assert _folder(RunOptions(force=True)) == "runs/town_day-7"

    def test_the_name_of_an_unfinished_run_is_not_free(self) -> None:
        _broken_off("town_day-7", _options())
        assert _folder(_options(citizens=3)) == "runs/town_day-7-2"
        assert _folder(RunOptions()) == "runs/town_day-7-2"

    def test_what_was_broken_off_is_not_paid_for_again_by_mistake(self) -> None:
        _complete("town_day-7", _options())
        _broken_off("town_day-7-2", _options())
        with pytest.raises(ConfigError, match=r"town_day-7-2\.unfinished .* go on with --resume"):
            _folder(_options())


class TestResume:
    def test_the_newest_unfinished_run_is_taken_and_named(self) -> None:
        _broken_off("town_day-7", _options(), second=100)
        _broken_off("town_day-7-2", _options(), second=300)
        _broken_off("town_day-7-3", _options(), second=200)
        progress = _Messages()
        options = with_folder(_options(resume=True), progress)
        assert options.folder == Path("runs/town_day-7-2")
        assert progress.said == [f"resuming {options.folder}"]

    def test_one_with_the_same_options_comes_before_newer_ones(self) -> None:
        _broken_off("town_day-7", _options(), second=100)
        _broken_off("town_day-7-2", _options(citizens=3), second=300)
        assert _folder(_options(resume=True)) == "runs/town_day-7"

    def test_without_any_a_complete_run_with_the_same_options_is_found(self) -> None:
        _complete("town_day-7", _options(citizens=3), second=300)
        _complete("town_day-7-2", _options(), second=100)
        assert _folder(_options(resume=True)) == "runs/town_day-7-2"

    def test_without_anything_to_resume_it_is_a_new_run(self) -> None:
        _complete("town_day-7", _options(citizens=3))
        progress = _Messages()
        assert with_folder(_options(resume=True), progress).folder == Path("runs/town_day-7-2")
        assert progress.said == [
            "no earlier run like this one is to be resumed; a new one begins: runs/town_day-7-2"
        ]

    def test_a_folder_in_which_nothing_is_to_be_resumed_is_refused(self) -> None:
        options = _options(resume=True, out=Path("runs/mistyped"))
        with pytest.raises(ConfigError, match="there is no run to resume in runs/mistyped"):
            _folder(options)
        _broken_off("mistyped", _options())
        assert _folder(options) == "runs/mistyped"

    def test_a_run_by_rules_leaves_unfinished_answers_alone(self) -> None:
        _broken_off("town_day-7", _options())
        assert _folder(RunOptions(resume=True)) == "runs/town_day-7-2"
