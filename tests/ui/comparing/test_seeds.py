"""Over several seeds from the page: the button, progress, the result, and what cannot be had."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city import ConfigError
from mesa_llm_city.experiments.futures.over_seeds import SeedDifferences
from mesa_llm_city.simulation.saving import Snapshot
from mesa_llm_city.ui.comparing.differences import differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.seeds import SEEDS, OverSeeds, SeedsRun, fork_folders
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import view_of
from tests.ui.comparing.parted import (
    EIGHT,
    NAMES,
    ONE,
    moment_at_eight,
    pair_at_one,
    pair_of,
    runs_until,
)
from tests.ui.shown import Shown, show

_LIMIT_S = 60.0
_MOMENT = Snapshot(EIGHT, b"", ())


def _result() -> SeedDifferences:
    return SeedDifferences(
        names=NAMES,
        parted=EIGHT,
        minute=ONE,
        seeds=(7, 8, 9),
        level=0.95,
        measures=differences(pair_at_one()).measures,
        shares=np.array([0.1, 0.2, 0.3]),
        not_repeated=("earthquake at Mon 09:00 in closed",),
    )


class TestRun:
    def test_it_hands_over_what_is_compared_and_keeps_the_result(self) -> None:
        asked: dict[str, Any] = {}
        result = _result()

        def compare(*given: object, **options: Any) -> SeedDifferences:  # noqa: ANN401
            asked.update(options, given=given)
            return result

        run = SeedsRun(compare)
        run.start(_MOMENT, {"a": [], "b": []}, ONE, ["trips"])
        assert run.wait(_LIMIT_S)
        assert run.result is result
        assert not run.state.is_running
        assert asked["given"] == (_MOMENT, {"a": [], "b": []})
        assert (asked["until"], asked["seeds"], asked["reporters"]) == (ONE, SEEDS, ["trips"])

    def test_progress_is_told_now_and_then_and_stop_ends_it_without_a_result(self) -> None:
        begun = Event()

        def compare(
            *_: object,
            on_progress: Callable[[float], object],
            is_stopped: Callable[[], bool],
            **__: object,
        ) -> None:
            for share in (0.001, 0.5, 0.501):
                on_progress(share)
            begun.set()
            end_s = time.monotonic() + _LIMIT_S
            while not is_stopped():
                assert time.monotonic() < end_s

        run = SeedsRun(compare)
        told: list[float] = []
        run.listen(lambda: told.append(run.state.share))
        run.start(_MOMENT, {}, ONE)
        assert begun.wait(_LIMIT_S)
        run.start(_MOMENT, {}, ONE)  # nothing more is begun meanwhile
        run.stop()
        assert run.wait(_LIMIT_S)
        assert told == [0.0, 0.5, 0.0]
        assert run.result is None

    def test_it_is_given_up_when_nobody_can_look_at_the_result(self) -> None:
        def compare(*_: object, is_stopped: Callable[[], bool], **__: object) -> None:
            assert is_stopped()

        run = SeedsRun(compare)
        run.start(_MOMENT, {}, ONE, is_needed=lambda: False)
        assert run.wait(_LIMIT_S)
        assert run.state.trouble == ""

    def test_what_is_wrong_is_told(self) -> None:
        def compare(*_: object, **__: object) -> None:
            message = "these runs ask a language model"
            raise ConfigError(message)

        run = SeedsRun(compare)
        run.start(_MOMENT, {}, ONE)
        assert run.wait(_LIMIT_S)
        assert run.state.trouble == "these runs ask a language model"


def _until(page: Shown, is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LIMIT_S
    while not is_so():
        assert time.monotonic() < end_s, page.texts()
        time.sleep(0.02)


class TestComponent:
    def test_the_button_compares_and_the_result_has_intervals(self) -> None:
        shown, other = runs_until(EIGHT + 10)
        pair = pair_of(view_of(shown), view_of(other))
        changes = {NAMES[0]: shown.acts, NAMES[1]: other.acts}
        page = show(pair, partial(OverSeeds, moment=moment_at_eight(), changes=changes))
        page.click(f"Over {SEEDS} seeds")
        _until(page, lambda: bool(page.of_kind("VegaField")))
        texts = page.texts()
        assert f"mean of {SEEDS} seeds; intervals: 95 % paired-t intervals" in texts
        assert "of the people live differently" in texts
        charts = {one.file: one for one in page.of_kind("VegaField")}
        rows = json.loads(charts["minutes_by_purpose_difference"].data)["rows"]
        assert None not in rows["low"]
        page.labelled("Reporter of both models").value = "doing_rest"
        files = [one.file for one in page.of_kind("VegaField")]
        assert "doing_rest_difference" in files
        again = show(pair, partial(OverSeeds, moment=moment_at_eight(), changes=changes))
        assert again.of_kind("VegaField"), "the result is kept while something else is shown"

    def test_runs_that_have_just_parted_cannot_be_compared_yet(self) -> None:
        shown, other = runs_until(EIGHT)
        pair = pair_of(view_of(shown), view_of(other))
        page = show(pair, partial(OverSeeds, moment=moment_at_eight(), changes={}))
        button = next(one for one in page.of_kind("Btn") if f"Over {SEEDS} seeds" in one.children)
        assert button.disabled

    def test_finished_runs_are_told_what_to_do_and_where_there_are_results(
        self, tmp_path: Path
    ) -> None:
        _write_manifest(tmp_path / "run", "run")
        _write_manifest(tmp_path / "run.fork", "fork")
        shown, other = (one.model for one in _live(pair_at_one()))
        page = show(
            pair_of(view_of(shown), view_of(other)),
            partial(OverSeeds, moment=None, changes={}, folders=[tmp_path / "run"]),
        )
        texts = page.texts()
        assert "mesa-llm-city fork SAVE_DIR --future 'first run' --future closed=FILE.toml" in texts
        assert f"Differences over seeds of a fork are in {tmp_path / 'run.fork'}." in texts


def _live(pair: Pair) -> list[LiveView]:
    return [one for one in (pair.shown, pair.other) if isinstance(one, LiveView)]


def _write_manifest(folder: Path, kind: str) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"kind": kind}), encoding="utf-8")


def test_folders_of_forks_are_found_beside_those_of_runs(tmp_path: Path) -> None:
    for name, kind in (("a", "run"), ("a.fork", "fork"), ("b.fork", "fork")):
        _write_manifest(tmp_path / name, kind)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    assert fork_folders([tmp_path / "a"]) == [tmp_path / "a.fork", tmp_path / "b.fork"]
    assert fork_folders([tmp_path / "nowhere" / "a"]) == []
