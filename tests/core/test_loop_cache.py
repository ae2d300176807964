"""What is kept of compiled loops is removed when their sources have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mesa_llm_city.core import loop_cache
from mesa_llm_city.core.loop_cache import forget_outdated, sources_of
from mesa_llm_city.crowd.fill_loops import fill_free
from mesa_llm_city.mind.need_row_loops import engage_row

NAMES = {"need_row_loops.py", "need_loops.py", "shares.py", "clock.py"}


def kept_in(folder: Path, at_s: int) -> Path:
    """Return an index of numba for `engage_row` that was written at a time."""
    index = folder / "need_row_loops.engage_row-91.py311.nbi"
    index.write_bytes(b"")
    os.utime(index, (at_s, at_s))
    return index


def test_a_loop_stands_in_its_module_and_those_of_what_it_calls_and_takes() -> None:
    assert {one.name for one in sources_of(engage_row)} >= NAMES
    found = {one.name for one in sources_of(fill_free)}
    assert found >= {"fill_loops.py", "free_time_loops.py", "draw_loops.py"}
    # It reads `NOWHERE` of the one, and `AHEAD` of the other.
    assert found >= {"blocks.py", "prefetch.py"}
    assert not found & {"numeric.py", "typing.py"}


def test_a_loop_depends_on_how_loops_are_compiled() -> None:
    assert {one.name for one in sources_of(engage_row)} >= {"kernels.py", "held_types.py"}
    assert all(one.is_file() for one in sources_of(engage_row))


def test_what_is_older_than_a_source_is_removed(tmp_path: Path) -> None:
    newest = max(one.stat().st_mtime for one in sources_of(engage_row))
    index = kept_in(tmp_path, int(newest) + 10)
    other = tmp_path / "need_row_loops.pressing_need-60.py311.nbi"
    other.write_bytes(b"")
    os.utime(other, (0, 0))
    forget_outdated(engage_row, tmp_path)
    assert index.exists()
    os.utime(index, (newest - 10, newest - 10))
    forget_outdated(engage_row, tmp_path)
    assert not index.exists()
    assert other.exists()


def test_a_file_that_another_process_has_removed_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_in(tmp_path, 0)

    def removed(_: object) -> set[Path]:
        (tmp_path / "need_row_loops.engage_row-91.py311.nbi").unlink()
        return {Path(__file__)}

    monkeypatch.setattr(loop_cache, "sources_of", removed)
    forget_outdated(engage_row, tmp_path)
    assert not list(tmp_path.iterdir())
