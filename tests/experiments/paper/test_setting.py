"""The size and the folder of an experiment, and what cannot be asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions, run_experiment
from mesa_llm_city.experiments.paper.setting import Setting, checked_setting
from mesa_llm_city.experiments.paper.specification import EXPERIMENTS
from mesa_llm_city.experiments.progress import Progress


def _setting(name: str, options: RunOptions, run: Path | None = None) -> Setting:
    return checked_setting(
        EXPERIMENTS[name],
        options,
        data=None,
        run=run,
        draws=9,
        cell_m=250.0,
        progress=Progress(),
    )


def test_the_size_is_that_of_the_experiment_unless_it_is_given(tmp_path: Path) -> None:
    own = _setting("popularity", RunOptions(out=tmp_path / "a", citizens=9))
    assert (own.options.citizens, own.options.days) == (9, EXPERIMENTS["popularity"].days)
    assert own.run_options().out == tmp_path / "a" / "run"


def test_a_report_is_not_replaced_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "travel.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"travel\.json exists; choose another folder"):
        _setting("travel", RunOptions(out=tmp_path))
    assert _setting("travel", RunOptions(out=tmp_path, force=True)).folder == tmp_path
    # Other experiments may share the folder.
    assert _setting("density", RunOptions(out=tmp_path)).folder == tmp_path


def test_a_finished_run_takes_no_options_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a finished run has its own seed"):
        _setting("travel", RunOptions(seed=3), run=tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("time-usage", None, "did you mean 'time-use'"),
        ("needs", "here", "there are no data about them"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, name: str, data: str | None, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        run_experiment(name, RunOptions(out=tmp_path), data=data)
