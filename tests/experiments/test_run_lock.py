"""Two runs that want the same folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.run_lock import is_locked, locked


def test_the_second_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "day"
    assert not is_locked(folder)
    with locked(folder):
        assert is_locked(folder)
        with pytest.raises(ConfigError, match=rf"another run \(process {os.getpid()}\).*--out"):
            locked(folder).__enter__()
    assert not is_locked(folder)
    assert list(tmp_path.iterdir()) == []


def test_it_is_released_when_the_run_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "day"):
        raise ZeroDivisionError
    with locked(tmp_path / "day"):
        pass


def test_other_folders_are_free(tmp_path: Path) -> None:
    with locked(tmp_path / "day"), locked(tmp_path / "night"):
        pass


def test_what_a_killed_run_left_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / ".day.lock").write_text("999999")
    assert not is_locked(tmp_path / "day")
    with locked(tmp_path / "day"):
        assert (tmp_path / ".day.lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot write to"), locked(tmp_path / "file" / "day"):
        pass
