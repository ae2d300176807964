"""Runs that ask a language model: repeatable, within limits, resumable, and with no secret kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from mesa_llm_city.models.town_day.model import TownDay
from typer.testing import CliRunner

from mesa_llm_city import CityModel, ConfigError
from mesa_llm_city.citizen.presets import PROMPTS
from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.core.errors import LLMBudgetError, LLMUnavailableError
from mesa_llm_city.experiments import Progress, run
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.unfinished import ANSWERS, unfinished
from mesa_llm_city.llm import LLM, Store
from tests.experiments.prompt_runs import asked, options, tables
from tests.llm.asking import HURRIED, http
from tests.llm.servers import LoopbackServer, serving

pytestmark = pytest.mark.usefixtures("empty_pictures")

ASKED = ("plan", "leisure", "mode")
"""Prompts of which each answer is one decision."""


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    """Serve answers that depend on the request alone."""
    with serving() as one:
        yield one


@pytest.fixture(scope="module")
def plain(server: LoopbackServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an undisturbed run, with its recording beside it."""
    home = tmp_path_factory.mktemp("plain")
    server.behave(server.chaos)
    return run(options(server, home / "run", record=home / "day.jsonl.gz"))


class TestRepeating:
    @pytest.mark.slow
    @pytest.mark.parametrize("in_flight", [1, 64])
    def test_order_and_pace_of_answers_change_nothing(
        self, plain: Path, tmp_path: Path, in_flight: int
    ) -> None:
        with serving(delay_s=0.002, sigma=1.5) as slow:
            run(options(slow, tmp_path / "run", in_flight=in_flight))
        assert tables(tmp_path / "run") == tables(plain)

    @pytest.mark.slow
    def test_a_replay_is_the_same_run_and_asks_nobody(
        self, server: LoopbackServer, plain: Path, tmp_path: Path
    ) -> None:
        server.behave(server.chaos)
        recording = plain.with_name("day.jsonl.gz")
        run(options(server, tmp_path / "again", llm=None, api_base=None, replay=recording))
        assert tables(tmp_path / "again") == tables(plain)
        assert server.stats.requests == 0

    def test_the_recording_holds_what_the_store_of_the_run_does(
        self, plain: Path, tmp_path: Path
    ) -> None:
        with Store(plain / ANSWERS) as kept:
            kept.export_jsonl(tmp_path / "copy.jsonl.gz")
        recording = plain.with_name("day.jsonl.gz")
        assert (tmp_path / "copy.jsonl.gz").read_bytes() == recording.read_bytes()

    def test_decision_sources_and_prompts_are_reported(self, plain: Path) -> None:
        told = json.loads((plain / "manifest.json").read_text())
        calls = pd.read_parquet(plain / "calls.parquet")
        assert told["language_model"].endswith("decisions by openai/loopback")
        assert len(calls) == told["calls"]["calls"]
        assert told["decision_sources"]["prompt"] == (calls["purpose"] != "talk").sum()
        assert set(told["calls"]["prompts"]) <= set(PROMPTS)
        assert set(told["calls"]["prompts"]) >= set(ASKED)
        assert told["calls"]["prompt_tokens"] == calls["prompt_tokens"].sum() > 0
        assert told["calls"]["spent_in_all"]["calls"] == len(calls)
        assert not unfinished(plain).exists()


class TestChaos:
    @pytest.mark.slow
    def test_a_day_goes_on_and_nothing_is_invented(self) -> None:
        with serving(
            delay_s=0.002,
            sigma=1.5,
            rate_429=0.04,
            rate_500=0.04,
            rate_503=0.04,
            rate_reset=0.04,
            rate_truncated=0.02,
            rate_malformed=0.02,
            rate_cut=0.1,
        ) as server:
            llm = LLM(http(server.base_url), engine=HURRIED, on_failure="rules")
            model = TownDay(citizens=50, rng=5, llm=llm, prompts=ASKED)
            model.run_days(1)
            llm.close()
        calls, decisions, totals = model.calls(), model.decisions(), llm.totals()
        statuses = server.stats.statuses
        assert totals.tries == server.stats.requests
        assert calls["valid"].sum() == statuses["200"]
        assert ((calls["error"] != "") & calls["completion_tokens"].notna()).sum() == statuses[
            "cut"
        ]
        prompted = decisions[decisions["source"] == "prompt"]
        assert len(prompted) == calls["valid"].sum()
        assert decisions["reason"].str.startswith("rules after").sum() == totals.left_to_rules
        assert min(statuses[name] for name in ("429", "500", "503", "reset", "cut")) > 0
        assert totals.invalid > 0


class TestLimits:
    @pytest.mark.slow
    def test_a_spent_budget_stops_the_run_with_code_3_and_resuming_ends_it(
        self, server: LoopbackServer, plain: Path, tmp_path: Path
    ) -> None:
        server.behave(server.chaos)
        out = tmp_path / "run"
        day = ["run", "town_day", "--citizens", "6", "--seed", "3", "--mind", "prompt"]
        day += ["--model", "openai/loopback", "--api-base", server.base_url, "--out", str(out)]
        stopped = CliRunner().invoke(APPLICATION, [*day, "--max-calls", "20"])
        assert stopped.exit_code == 3
        assert "the limit of 20 calls is reached" in stopped.stderr
        # One of the calls was the question before the run.
        assert f"19 answers are kept in {unfinished(out)}; go on with --resume" in stopped.stderr
        assert server.stats.requests == 20
        assert not out.exists()
        refused = CliRunner().invoke(APPLICATION, day)
        assert refused.exit_code == 2
        assert "go on with --resume, or throw them away with --force" in refused.stderr
        resumed = CliRunner().invoke(APPLICATION, [*day, "--max-calls", "2000", "--resume"])
        assert resumed.exit_code == 0, resumed.output
        assert tables(out) == tables(plain)
        told = json.loads((out / "manifest.json").read_text())["calls"]
        assert (told["resumed"], told["times_resumed"]) == (19, 1)
        ledger, whole = (pd.read_parquet(one / "calls.parquet") for one in (out, plain))
        ledger = ledger[ledger["purpose"] != "check"].reset_index(drop=True)
        assert ledger.drop(columns="latency_s").equals(whole.drop(columns="latency_s"))
        assert told["spent_in_all"]["calls"] == told["calls"] == server.stats.requests
        again = CliRunner().invoke(APPLICATION, [*day, "--resume"])
        assert again.exit_code == 0
        assert server.stats.requests == told["calls"]

    @pytest.mark.slow
    def test_limits_hold_over_all_attempts(self, server: LoopbackServer, tmp_path: Path) -> None:
        for attempt, limit in enumerate((10, 10, 15)):
            with pytest.raises(LLMBudgetError, match=f"the limit of {limit} calls"):
                run(options(server, tmp_path / "run", max_calls=limit, resume=attempt > 0))
        with Store(unfinished(tmp_path / "run") / ANSWERS) as kept:
            assert len(kept) == 15

    def test_money_cannot_be_limited_without_a_price(
        self, server: LoopbackServer, tmp_path: Path
    ) -> None:
        with pytest.raises(ConfigError, match="has no price"):
            run(options(server, tmp_path / "run", max_usd=1.0))
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.slow
    def test_an_own_price_is_used(self, server: LoopbackServer, tmp_path: Path) -> None:
        with pytest.raises(LLMBudgetError, match=r"the limit of 0\.001 USD is reached"):
            run(options(server, tmp_path / "run", max_usd=0.001, price=(1.0, 2.0)))


class TestWholeRun:
    @pytest.mark.slow
    def test_a_resumed_run_has_the_ledger_of_one_that_was_never_broken_off(
        self, server: LoopbackServer, plain: Path, tmp_path: Path
    ) -> None:
        for limit in (20, 40):
            with pytest.raises(LLMBudgetError):
                run(options(server, tmp_path / "run", max_calls=limit, resume=limit > 20))
        run(options(server, tmp_path / "run", resume=True))
        told, wanted = (pd.read_parquet(one / "calls.parquet") for one in (tmp_path / "run", plain))
        assert told.drop(columns="latency_s").equals(wanted.drop(columns="latency_s"))
        calls = json.loads((tmp_path / "run" / "manifest.json").read_text())["calls"]
        assert (calls["times_resumed"], calls["resumed"]) == (2, 40)
        assert calls["prompt_tokens"] == wanted["prompt_tokens"].sum()


class TestTwoRuns:
    @pytest.mark.parametrize("force", [False, True])
    def test_the_second_into_one_folder_is_refused_while_the_first_lives(
        self, server: LoopbackServer, tmp_path: Path, *, force: bool
    ) -> None:
        server.behave(server.chaos)
        with locked(tmp_path / "run"), pytest.raises(ConfigError, match="another run"):
            run(options(server, tmp_path / "run", force=force))
        assert server.stats.requests == 0
        assert list(tmp_path.iterdir()) == []


class TestCheck:
    def test_a_wrong_key_ends_a_run_before_the_city_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mesa_llm_city.experiments.simulation_run.read_city", None)
        with serving(key="another") as server, pytest.raises(LLMUnavailableError, match="key"):
            run(options(server, tmp_path / "run", skip_check=False, on_failure="rules"))
        assert server.stats.requests == 1
        assert list(tmp_path.iterdir()) == []

    def test_one_answer_is_shown_with_its_tokens_price_and_time(self) -> None:
        with serving(text='{"answer": 5}') as server:
            shown = CliRunner().invoke(
                APPLICATION,
                ["llm", "check", "openai/m", "--api-base", server.base_url, "--price", "1,2"],
            )
        assert shown.exit_code == 0, shown.output
        heads = [line.split()[0] for line in shown.stdout.splitlines()]
        assert heads == ["model", "answer", "tokens", "price", "time"]
        assert "'{\"answer\": 5}'" in shown.stdout
        assert "USD" in shown.stdout

    def test_what_is_wrong_is_told_with_what_to_do(self) -> None:
        with serving(key="another") as server:
            shown = CliRunner().invoke(
                APPLICATION, ["llm", "check", "openai/m", "--api-base", server.base_url]
            )
        assert shown.exit_code == 2
        assert "the server answered 401" in shown.stderr
        assert "--key-env" in shown.stderr
        wrong = CliRunner().invoke(APPLICATION, ["llm", "check", "m", "--api-base", "nowhere"])
        assert "--api-base: must be an address" in wrong.stderr


class TestBreakingOff:
    @pytest.mark.slow
    def test_an_interrupted_run_keeps_what_it_paid_for(
        self,
        server: LoopbackServer,
        plain: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        server.behave(server.chaos)
        step = CityModel.step

        def interrupted(model: CityModel) -> None:
            if model.minute >= 600 and model.llm.mode != "live":  # type: ignore[union-attr]
                raise KeyboardInterrupt
            step(model)

        monkeypatch.setattr(CityModel, "step", interrupted)
        with pytest.raises(KeyboardInterrupt) as caught:
            run(options(server, tmp_path / "run"))
        monkeypatch.setattr(CityModel, "step", step)
        kept = server.stats.requests
        (note,) = caught.value.__notes__
        assert note.startswith(f"{kept} answers are kept in")
        run(options(server, tmp_path / "run", resume=True))
        assert tables(tmp_path / "run") == tables(plain)
        assert set(asked(server).values()) == {1}

    @pytest.mark.slow
    def test_other_options_cannot_resume_it(self, server: LoopbackServer, tmp_path: Path) -> None:
        with pytest.raises(LLMBudgetError):
            run(options(server, tmp_path / "run", max_calls=3))
        with pytest.raises(ConfigError, match=r"other options \(citizens: 7 now, 6 then\)"):
            run(options(server, tmp_path / "run", citizens=7, resume=True))
        with pytest.raises(LLMBudgetError):
            run(options(server, tmp_path / "run", citizens=7, max_calls=3, force=True))

    def test_a_forecast_that_is_declined_asks_nothing(
        self, server: LoopbackServer, tmp_path: Path
    ) -> None:
        class Declines(Progress):
            def agree(self, question: str) -> bool:
                self.question = question
                return False

        server.behave(server.chaos)
        dear, progress = options(server, tmp_path / "run", price=(1e3, 1e3)), Declines()
        with pytest.raises(ConfigError, match="declined"):
            run(dear, progress=progress)
        assert "USD for 6 people and 1 day" in progress.question
        assert server.stats.requests == 0
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_no_key_is_left_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPBACK_KEY", "sk-very-secret")
    with serving(key="sk-very-secret", echo_key=True, rate_500=0.05) as server:
        out = run(
            options(
                server, tmp_path / "run", key_env="LOOPBACK_KEY", record=tmp_path / "day.jsonl.gz"
            )
        )
        assert set(server.stats.keys) == {"Bearer sk-very-secret"}
    for file in [*out.iterdir(), tmp_path / "day.jsonl.gz"]:
        assert b"sk-very-secret" not in file.read_bytes()
    assert "LOOPBACK_KEY" in (out / "manifest.json").read_text()
