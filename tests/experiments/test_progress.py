"""Progress of a run: what is told, how often, and where."""

from __future__ import annotations

from io import StringIO

import pytest

from mesa_llm_city.experiments.progress import RUN, Bar, Lines, Pace, Progress, progress_on


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _run(progress: Progress, *, days: int, steps_per_day: int = 288) -> None:
    with progress:
        progress.say("reading")
        progress.begin(days=days, steps_per_day=steps_per_day)
        for _ in range(days * steps_per_day):
            progress.advance()


class TestPace:
    @pytest.mark.parametrize(("done", "day"), [(0, 1), (287, 1), (288, 2), (576, 2)])
    def test_the_day_is_the_one_under_way_and_the_last_at_the_end(
        self, done: int, day: int
    ) -> None:
        assert Pace(done=done, total=576, steps_per_day=288, elapsed_s=1.0).day == day

    def test_the_time_left_follows_from_the_pace_so_far(self) -> None:
        pace = Pace(done=100, total=700, steps_per_day=288, elapsed_s=20.0)
        assert pace.steps_per_s == 5.0
        assert pace.left() == "2:00"

    def test_steps_that_are_months_are_not_called_days(self) -> None:
        pace = Pace(done=6, total=60, steps_per_day=1, elapsed_s=1.0, unit="month")
        assert str(pace).startswith("month 7/60, step 6/60")

    def test_runs_of_a_sweep_are_counted_by_the_minute(self) -> None:
        pace = Pace(
            done=30,
            before=10,
            total=50,
            steps_per_day=1,
            elapsed_s=240.0,
            spent="1 failed",
            unit=RUN,
        )
        assert str(pace) == "30/50 runs, 5.0/min, 4:00 left, 1 failed"

    def test_before_the_first_step_nobody_knows(self) -> None:
        assert Pace(done=0, total=288, steps_per_day=288, elapsed_s=0.0).left() == "?"


class TestLines:
    def test_ten_lines_with_all_facts(self) -> None:
        stream = StringIO()
        _run(Lines(stream), days=2)
        lines = stream.getvalue().splitlines()
        assert lines[0] == "reading"
        assert len(lines) == 11
        assert lines[5].startswith("day 2/2, step 288/576, ")
        assert lines[10].endswith(" steps/s, 0:00 left")

    def test_fewer_steps_than_lines_make_fewer_lines(self) -> None:
        stream = StringIO()
        _run(Lines(stream), days=1, steps_per_day=3)
        assert len(stream.getvalue().splitlines()) == 4


class TestBar:
    def test_it_shows_day_step_rate_and_time_left(self) -> None:
        stream = _Terminal()
        _run(Bar(stream), days=1)
        assert "100 %" in stream.getvalue()
        assert "day 1/1, step 288/288" in stream.getvalue()


class TestChoice:
    def test_a_terminal_gets_a_bar_and_anything_else_lines(self) -> None:
        assert isinstance(progress_on(_Terminal()), Bar)
        assert isinstance(progress_on(StringIO()), Lines)

    def test_quiet_nothing_is_written(self) -> None:
        stream = _Terminal()
        _run(progress_on(stream, quiet=True), days=1)
        assert stream.getvalue() == ""
