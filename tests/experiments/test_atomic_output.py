"""A folder of results appears whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import MARK, check_free, staged


def _results(folder: Path, text: str = "old") -> Path:
    folder.mkdir(parents=True)
    (folder / MARK).write_text(text)
    return folder


def _half_write(folder: Path, error: type[BaseException]) -> None:
    (folder / "half").touch()
    raise error


class TestStaged:
    def test_what_is_written_appears_at_the_end_only(self, tmp_path: Path) -> None:
        out = tmp_path / "deep" / "run"
        with staged(out) as folder:
            (folder / MARK).write_text("new")
            assert not out.exists()
            assert folder.parent == out.parent
        assert [path.name for path in out.parent.iterdir()] == ["run"]
        assert (out / MARK).read_text() == "new"

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_after_an_error_nothing_is_left(
        self, tmp_path: Path, error: type[BaseException]
    ) -> None:
        with pytest.raises(error), staged(tmp_path / "deep" / "run") as folder:
            _half_write(folder, error)
        assert list(tmp_path.iterdir()) == []

    def test_forced_it_replaces_earlier_results(self, tmp_path: Path) -> None:
        out = _results(tmp_path / "run")
        with staged(out, force=True) as folder:
            (folder / MARK).write_text("new")
            assert (out / MARK).read_text() == "old"
        assert (out / MARK).read_text() == "new"
        assert list(tmp_path.iterdir()) == [out]

    def test_after_an_error_earlier_results_are_as_they_were(self, tmp_path: Path) -> None:
        out = _results(tmp_path / "run")
        with pytest.raises(ZeroDivisionError), staged(out, force=True) as folder:
            _half_write(folder, ZeroDivisionError)
        assert (out / MARK).read_text() == "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_if_the_last_move_fails_earlier_results_come_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out, move = _results(tmp_path / "run"), Path.replace

        def fail(self: Path, target: Path) -> Path:
            if ".partial-" in self.name:
                raise OSError(28, "No space left on device")
            return move(self, target)

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="No space left"), staged(out, force=True):
            pass
        assert (out / MARK).read_text() == "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_a_place_that_cannot_be_written_to_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            pytest.raises(ConfigError, match=r"out: cannot write to .*choose another folder"),
            staged(tmp_path / "file" / "run"),
        ):
            pass


@pytest.mark.skipif(os.name != "posix", reason="tells by process ids who lives")
class TestKilled:
    def test_what_the_dead_left_is_cleared_and_what_the_living_write_is_not(
        self, tmp_path: Path
    ) -> None:
        for pid in (_dead(), os.getppid()):
            _results(tmp_path / f".run.partial-{pid}")
        with staged(tmp_path / "run"):
            pass
        left = sorted(path.name for path in tmp_path.iterdir())
        assert left == [f".run.partial-{os.getppid()}", "run"]

    def test_results_that_were_being_replaced_are_put_back(self, tmp_path: Path) -> None:
        _results(tmp_path / f".run.old-{_dead()}", "precious")
        with pytest.raises(ConfigError, match="exists"), staged(tmp_path / "run"):
            pass
        assert (tmp_path / "run" / MARK).read_text() == "precious"


def _dead() -> int:
    """Return the id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


class TestCheckFree:
    def test_a_new_folder_is_free(self, tmp_path: Path) -> None:
        check_free(tmp_path / "run", force=False)

    def test_an_existing_folder_is_not(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"run exists; choose another folder, or .* --force"):
            check_free(_results(tmp_path / "run"), force=False)

    def test_results_and_empty_folders_may_be_replaced_by_force(self, tmp_path: Path) -> None:
        check_free(_results(tmp_path / "run"), force=True)
        (tmp_path / "empty").mkdir()
        check_free(tmp_path / "empty", force=True)

    def test_anything_else_never(self, tmp_path: Path) -> None:
        (tmp_path / "letters").touch()
        for other in (tmp_path, tmp_path / "letters"):
            with pytest.raises(ConfigError, match="is not the folder of a run, so it stays"):
                check_free(other, force=True)
