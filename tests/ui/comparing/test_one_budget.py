"""Two runs that ask one language model step in turn, and pay from one budget."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.model import CityModel
from tests.llm.servers import LoopbackServer

pytest.importorskip("solara")

from mesa_llm_city.ui.page.forks import Forks
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.page.stops import AtMinute

_LONG_S = 120.0
_NOON = 720


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize("max_calls", [1000, 6])
def test_both_pay_from_one_budget_and_stop_where_it_is_spent(
    max_calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "secret-of-a-test")
    with LoopbackServer() as server:
        options = RunOptions(
            mind="prompt", llm="m", api_base=server.base_url, key_env="A_KEY", citizens=12,
            prompts=("leisure",), max_calls=max_calls, price=(1.0, 1.0), skip_check=True,
        )  # fmt: skip
        model = Source(options=options).make()
        assert isinstance(model, CityModel)
        assert isinstance(model.llm, LLM)
        runner = Runner(model)
        forks = Forks(model, runner)
        fork = forks.fork("flood").city
        assert isinstance(fork, CityModel)
        forks.compare("flood")
        assert forks.comparison is not None
        following = forks.comparison.following
        assert following is not None
        assert following.asks
        runner.play(AtMinute(_NOON, since=0), hurry=True)
        assert runner.wait(_LONG_S)
        _until(lambda: not following.is_behind())
        sent, calls = len(server.stats.bodies), model.llm.purse.spent["calls"]
        assert fork.llm is model.llm
        forks.close()
        runner.close()
        model.llm.close()
    # What both ask alike is answered and paid for once.
    assert sent == calls
    assert model.minute == fork.minute
    if max_calls == 1000:
        assert (model.minute, runner.error) == (_NOON, "")
    else:
        assert calls == max_calls
        assert 0 < model.minute < _NOON
        assert "the limit of 6 calls is reached" in runner.error
