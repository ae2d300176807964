"""What was paid for outlives a full disk, a folder that is removed, and a recording in no place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import CityError, ConfigError, DataError, RecordingError
from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.experiments import unfinished as module
from mesa_llm_city.experiments.unfinished import ANSWERS, keeping_answers, settle, unfinished
from mesa_llm_city.llm import LLM, ClientSpec, Store
from mesa_llm_city.simulation.surveys.own_llm import survey_llm
from tests.llm.test_recording import answer


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunOptions:
    """Return options of a run that asks, whose language model is a script."""

    def scripted(_: RunOptions, *, store: Path | None) -> LLM:
        return LLM(ClientSpec(backend="scripted", model="-", script=lambda _: "yes"), store=store)

    monkeypatch.setattr(module, "open_llm", scripted)
    return _options(tmp_path / "run")


def _options(out: Path, **changes: Any) -> RunOptions:  # noqa: ANN401 - fields of RunOptions
    return RunOptions(**{"mind": "prompt", "llm": "openai/none", "out": out, **changes})


def _kept(options: RunOptions) -> int:
    with Store(unfinished(options.folder) / ANSWERS) as store:
        return len(store)


def _break_off(llm: LLM | None, *, without: Path | None = None, full: bool = False) -> None:
    """Keep one answer, and end as a run does while the disk is full or a folder is gone."""
    assert llm is not None
    store = llm._accounts.store
    assert Path(store.path).with_name("reserve").stat().st_size > 1_000_000
    if without is not None:
        shutil.rmtree(without)
    if full:
        store._unwritten.append(answer())
    else:
        store.put_many([answer()])
    message = "the disk is full"
    raise RecordingError(message)


@pytest.mark.parametrize("full", [False, True])
def test_answers_of_a_run_that_is_broken_off_are_kept(asked: RunOptions, *, full: bool) -> None:
    home = unfinished(asked.folder)
    with pytest.raises(CityError) as caught, keeping_answers(asked) as llm:
        _break_off(llm, full=full)
    assert caught.value.__notes__ == [f"1 answers are kept in {home}; go on with --resume"]
    assert _kept(asked) == 1
    assert not (home / "reserve").exists()


def test_a_folder_that_is_removed_in_between_is_made_again(asked: RunOptions) -> None:
    home = unfinished(asked.folder)
    with pytest.raises(CityError), keeping_answers(asked) as llm:
        _break_off(llm, without=home)
    assert _kept(asked) == 1
    with keeping_answers(asked.with_(resume=True)) as llm:
        assert llm is not None
        assert len(llm._accounts.store) == 1


def test_answers_that_cannot_be_counted_are_not_thrown_away(
    asked: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Store) -> int:
        message = "no"
        raise RecordingError(message)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "__len__", refuse)
        with pytest.raises(CityError) as caught, keeping_answers(asked) as llm:
            _break_off(llm)
    assert "the answers so far are kept in" in caught.value.__notes__[0]
    assert _kept(asked) == 1


@pytest.mark.parametrize("name", ["file/day.jsonl.gz", "folder.jsonl.gz"])
def test_a_recording_that_cannot_be_written_is_refused_before_the_run(
    asked: RunOptions, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.jsonl.gz").mkdir()
    options = asked.with_(record=tmp_path / name)
    with (
        pytest.raises(ConfigError, match=r"record: cannot write .*choose another file"),
        keeping_answers(options),
    ):
        pytest.fail("the run has begun")
    assert not unfinished(options.folder).exists()


def test_a_folder_of_the_recording_is_not_made_before_there_is_one(
    asked: RunOptions, tmp_path: Path
) -> None:
    with pytest.raises(CityError), keeping_answers(asked.with_(record=tmp_path / "a/b.jsonl.gz")):
        raise CityError("ended")  # noqa: EM101 - any error
    assert not (tmp_path / "a").exists()


def test_a_recording_that_fails_at_the_end_leaves_the_run_and_can_be_written_later(
    asked: RunOptions, tmp_path: Path
) -> None:
    options = asked.with_(record=tmp_path / "later" / "day.jsonl.gz")
    with keeping_answers(options) as llm:
        assert llm is not None
        llm._accounts.store.put_many([answer()])
    options.folder.mkdir()
    (tmp_path / "later").touch()
    with pytest.raises(DataError) as caught:
        settle(options, options.folder)
    assert "the run itself is complete" in caught.value.__notes__[0]
    (tmp_path / "later").unlink()
    settle(options, options.folder)
    assert (tmp_path / "later" / "day.jsonl.gz").is_file()


def test_answers_of_surveys_are_kept_with_those_of_the_run(
    asked: RunOptions, tmp_path: Path
) -> None:
    options = asked.with_(record=tmp_path / "day.jsonl.gz")
    with keeping_answers(options) as llm:
        with survey_llm(llm)._accounts.store as store:
            store.put_many([answer()])
        assert module._count(unfinished(options.folder)) == 1
    options.folder.mkdir()
    settle(options, options.folder)
    with Store(options.folder / "answers.surveys.sqlite") as kept:
        assert len(kept) == 1
    with Store(tmp_path / "day.surveys.jsonl.gz") as recorded:
        assert len(recorded) == 1
    assert not unfinished(options.folder).exists()
