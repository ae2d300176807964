"""The folder of a sweep: rows as they come, going on, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import read_sweep, sweep
from tests.experiments.sweeping.models_to_sweep import Counter, Noted

GRID = {"start": [1, 500]}


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "runs.jsonl").read_text().splitlines()]


class TestRows:
    def test_they_are_those_of_batch_run(self, tmp_path: Path) -> None:
        by_mesa = sweep(Counter, GRID, seeds=[3, 1])
        kept = sweep(Counter, GRID, seeds=[3, 1], out=tmp_path / "out")
        assert kept.pop("error").isna().all()
        pd.testing.assert_frame_equal(kept, by_mesa)

    def test_they_are_those_of_batch_run_with_rows_for_a_period(self, tmp_path: Path) -> None:
        by_mesa = sweep(Counter, GRID, seeds=[1], period=3)
        kept = sweep(Counter, GRID, seeds=[1], period=3, out=tmp_path / "out")
        assert len(kept) > 2
        pd.testing.assert_frame_equal(kept.drop(columns="error"), by_mesa)

    def test_they_are_a_file_of_csv_once_all_is_done(self, tmp_path: Path) -> None:
        kept = sweep(Counter, GRID, seeds=[1, 2], out=tmp_path)
        read = pd.read_csv(tmp_path / "rows.csv")
        assert read["count"].tolist() == kept["count"].tolist()
        pd.testing.assert_frame_equal(read_sweep(tmp_path), kept)

    def test_each_run_leaves_a_line(self, tmp_path: Path) -> None:
        sweep(Counter, GRID, seeds=[1], out=tmp_path)
        lines = _lines(tmp_path)
        assert [line["run"] for line in lines] == [0, 1]
        assert all(line["error"] is None for line in lines)


class TestFailures:
    def test_a_run_that_fails_is_a_row_with_its_error(self, tmp_path: Path) -> None:
        rows = sweep(Counter, {"fail": ["", "error"], "start": 5}, seeds=[1], out=tmp_path)
        assert rows["error"].isna().tolist() == [True, False]
        assert rows["error"].iloc[1] == "ValueError: cannot count from 5"
        assert rows["count"].isna().tolist() == [False, True]
        assert list(rows.columns) == ["seed", "fail", "start", "count", "town", "error"]

    def test_without_engine_and_folder_an_error_ends_the_sweep(self) -> None:
        with pytest.raises(ValueError, match="cannot count"):
            sweep(Counter, {"fail": "error"}, seeds=[1])

    def test_a_failed_run_is_repeated_when_the_sweep_goes_on(self, tmp_path: Path) -> None:
        mark = tmp_path / "mark"
        given = {"fail": ["", "error"], "mark": str(mark)}
        first = sweep(Counter, given, seeds=[1], out=tmp_path / "out")
        again = sweep(Counter, given, seeds=[1], out=tmp_path / "out")
        pd.testing.assert_frame_equal(first, again)
        assert [line["run"] for line in _lines(tmp_path / "out")] == [0, 1, 1]


class TestGoingOn:
    def test_after_ctrl_c_what_is_left_is_done_and_no_more(self, tmp_path: Path) -> None:
        given = {"start": [1, 500], "fail": "interrupt once", "mark": str(tmp_path / "mark")}
        (tmp_path / "mark").touch()
        undisturbed = sweep(Counter, given, seeds=[1, 2], out=tmp_path / "undisturbed")
        out = tmp_path / "out"
        sweep(Counter, given, seeds=[1, 2], out=out)
        kept = _lines(out)[:2]
        (out / "runs.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in kept))
        (tmp_path / "mark").unlink()
        with pytest.raises(KeyboardInterrupt) as caught:
            sweep(Counter, given, seeds=[1, 2], out=out)
        assert caught.value.__notes__ == [
            f"2 of 4 runs are in {out}; the same sweep goes on from there"
        ]
        assert len(read_sweep(out)) == 2
        resumed = sweep(Counter, given, seeds=[1, 2], out=out)
        pd.testing.assert_frame_equal(resumed, undisturbed)
        assert [line["run"] for line in _lines(out)] == [0, 1, 2, 3]

    def test_a_line_that_was_being_written_is_dropped(self, tmp_path: Path) -> None:
        whole = sweep(Counter, GRID, seeds=[1, 2], out=tmp_path)
        file = tmp_path / "runs.jsonl"
        file.write_bytes(file.read_bytes()[:-9])
        assert len(read_sweep(tmp_path)) == 3
        pd.testing.assert_frame_equal(sweep(Counter, GRID, seeds=[1, 2], out=tmp_path), whole)
        assert len(_lines(tmp_path)) == 4

    def test_a_complete_sweep_runs_nothing_and_prepares_nothing(self, tmp_path: Path) -> None:
        town = Noted(tmp_path / "made")
        for _ in range(2):
            rows = sweep(Counter, GRID, seeds=[1], prepare={"town": town}, out=tmp_path / "out")
            assert rows["town"].tolist() == ["town", "town"]
        assert len(town.processes()) == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"parameters": {"start": [1, 501]}}, "parameters: start: there [1, 500], now"),
            ({"seeds": [1]}, "seeds: there [1, 2], now [1]"),
            ({"max_steps": 7}, "max_steps: there 105408, now 7"),
            ({"prepare": {"town": list}}, 'prepare: town: there null, now "builtins:list"'),
        ],
    )
    def test_another_grid_in_the_folder(
        self, tmp_path: Path, changed: dict[str, object], told: str
    ) -> None:
        given: dict[str, object] = {"parameters": GRID, "seeds": [1, 2], "out": tmp_path}
        sweep(Counter, **given)  # type: ignore[arg-type]
        before = (tmp_path / "runs.jsonl").read_bytes()
        with pytest.raises(ConfigError) as caught:
            sweep(Counter, **{**given, **changed})  # type: ignore[arg-type]
        assert "holds another sweep; repeat that one, or choose another folder" in str(caught.value)
        assert told in str(caught.value)
        assert (tmp_path / "runs.jsonl").read_bytes() == before

    def test_a_folder_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("dear")
        with pytest.raises(ConfigError, match="is no folder of a sweep, so it stays"):
            sweep(Counter, GRID, seeds=[1], out=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_damaged_line_is_named(self, tmp_path: Path) -> None:
        sweep(Counter, GRID, seeds=[1], out=tmp_path)
        (tmp_path / "runs.jsonl").write_text('{"run": 0}\n')
        with pytest.raises(DataError, match=r"runs.jsonl, line 1 is damaged"):
            read_sweep(tmp_path)

    def test_reading_where_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="is no folder of a sweep"):
            read_sweep(tmp_path)
