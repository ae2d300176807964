"""A folder of results appears whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import (
    MANIFEST,
    atomic_folder,
    check_free,
    next_free,
)


def _results(folder: Path, text: str = "old") -> Path:
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(text)
    return folder


def _half_write(folder: Path, error: type[BaseException]) -> None:
    (folder / "half").touch()
    raise error


class TestAtomicFolder:
    def test_results_appear_only_at_the_end(self, tmp_path: Path) -> None:
        out = tmp_path / "deep" / "run"
        with atomic_folder(out) as output:
            (output.partial / MANIFEST).write_text("new")
            assert not out.exists()
            assert output.partial.parent == out.parent
        assert output.folder == out
        assert [path.name for path in out.parent.iterdir()] == ["run"]
        assert (out / MANIFEST).read_text() == "new"

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
    def test_after_an_error_nothing_is_left(
        self, tmp_path: Path, error: type[BaseException]
    ) -> None:
        with pytest.raises(error), atomic_folder(tmp_path / "deep" / "run") as output:
            _half_write(output.partial, error)
        assert list(tmp_path.iterdir()) == []

    def test_forced_it_replaces_earlier_results(self, tmp_path: Path) -> None:
        out = _results(tmp_path / "run")
        with atomic_folder(out, force=True) as output:
            (output.partial / MANIFEST).write_text("new")
            assert (out / MANIFEST).read_text() == "old"
        assert (out / MANIFEST).read_text() == "new"
        assert list(tmp_path.iterdir()) == [out]

    def test_after_an_error_earlier_results_are_as_they_were(self, tmp_path: Path) -> None:
        out = _results(tmp_path / "run")
        with pytest.raises(ZeroDivisionError), atomic_folder(out, force=True) as output:
            _half_write(output.partial, ZeroDivisionError)
        assert (out / MANIFEST).read_text() == "old"
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
        with pytest.raises(ConfigError, match="No space left"), atomic_folder(out, force=True):
            pass
        assert (out / MANIFEST).read_text() == "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_results_of_another_run_that_appear_meanwhile_are_kept(self, tmp_path: Path) -> None:
        out = tmp_path / "run"
        with atomic_folder(out) as output:
            (output.partial / MANIFEST).write_text("new")
            _results(out, "other")
        assert (out / MANIFEST).read_text() == "other"
        assert output.folder == tmp_path / "run-2"
        assert (output.folder / MANIFEST).read_text() == "new"

    def test_a_place_that_cannot_be_written_to_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            pytest.raises(ConfigError, match=r"out: cannot write to .*choose another folder"),
            atomic_folder(tmp_path / "file" / "run"),
        ):
            pass


@pytest.mark.skipif(os.name != "posix", reason="looks up process ids")
class TestKilled:
    def test_leftovers_of_killed_runs_are_removed_and_those_of_living_runs_are_not(
        self, tmp_path: Path
    ) -> None:
        for pid in (_ended_process(), os.getppid()):
            _results(tmp_path / f".run.partial-{pid}")
        with atomic_folder(tmp_path / "run"):
            pass
        left = sorted(path.name for path in tmp_path.iterdir())
        assert left == [f".run.partial-{os.getppid()}", "run"]

    def test_results_that_were_being_replaced_are_put_back(self, tmp_path: Path) -> None:
        _results(tmp_path / f".run.old-{_ended_process()}", "precious")
        with pytest.raises(ConfigError, match="exists"), atomic_folder(tmp_path / "run"):
            pass
        assert (tmp_path / "run" / MANIFEST).read_text() == "precious"


def _ended_process() -> int:
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


class TestNextFree:
    def test_a_folder_that_does_not_exist_is_free(self, tmp_path: Path) -> None:
        assert next_free(tmp_path / "run") == tmp_path / "run"

    def test_the_first_number_that_is_missing_comes_next(self, tmp_path: Path) -> None:
        for name in ("run", "run-2", "run-4"):
            (tmp_path / name).mkdir()
        assert next_free(tmp_path / "run") == tmp_path / "run-3"

    def test_another_path_may_have_to_be_free_as_well(self, tmp_path: Path) -> None:
        (tmp_path / "run.unfinished").mkdir()
        also = next_free(
            tmp_path / "run", also=(lambda one: one.with_name(f"{one.name}.unfinished"),)
        )
        assert also == tmp_path / "run-2"
