"""The same short run with tables in files, in parts, and of a sample; lived once per test run."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mesa_llm_city.experiments import run_records, write
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.simulation_run import run
from mesa_llm_city.simulation.records import RecordOptions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PEOPLE = 8
SMALL_PARTS = partial(RecordOptions, chunk_rows=50)


@cache
def streamed_runs(temporary: Path) -> Path:
    """Return a folder with the runs ``files``, ``parts`` (of 50 rows) and ``some``, a sample."""
    home = temporary / "streamed_runs"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("matplotlib.figure.Figure.savefig", _save_nothing)
        patched.setattr(run_records, "RecordOptions", SMALL_PARTS)
        run(RunOptions(citizens=PEOPLE, out=home / "parts", stream=True))
        # Pictures take half the time of a small run; that of parts is drawn.
        patched.setattr(write, "save_summary", _draw_nothing)
        run(RunOptions(citizens=PEOPLE, out=home / "files"))
        run(RunOptions(citizens=PEOPLE, out=home / "some", sample_persons=0.5))
    return home


def _draw_nothing(file: Path, *_: object) -> None:
    file.write_bytes(b"")


def _save_nothing(_: Figure, file: Path, **__: object) -> None:
    file.write_bytes(b"")
