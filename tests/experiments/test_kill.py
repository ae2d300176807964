"""A run that is killed at any moment and resumed ends like one that never was."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.experiments.unfinished import ANSWERS, unfinished
from mesa_llm_city.llm import Store
from tests.experiments.prompt_runs import asked, tables
from tests.llm.servers import LoopbackServer, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

KILLS = 5
DAY = ("run", "town_day", "--citizens", "6", "--seed", "3", "--mind", "prompt", "--quiet")
LEDGER, CHECK = "calls.parquet", "How much is 2 + 3?"


class Zygote:
    """Runs of the command line in processes of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout

    def start(self, *arguments: str) -> int:
        """Begin a run and return its process id."""
        self._to.write(json.dumps(arguments) + "\n")
        self._to.flush()
        return self._told("began")

    def end(self) -> int:
        """Wait for the run and return its exit status, as `os.waitpid` tells it."""
        return self._told("ended")

    def _told(self, what: str) -> int:
        # Named, so that a status is never taken for a process to be killed: 0 would be ourselves.
        name, number = self._from.readline().split()
        assert name == what
        return int(number)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """Give a process that runs the command line."""
    here = Path(__file__)
    with subprocess.Popen(
        [sys.executable, str(here.with_name("zygote.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=here.parents[2],
        env={**os.environ, "PYTHONPATH": str(here.parents[2])},
    ) as process:
        yield Zygote(process)


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    """Serve answers that depend on the request alone, each after some milliseconds."""
    with serving(delay_s=0.004, sigma=0.7) as one:
        yield one


class Told:
    """What an undisturbed run left and asked, and how long it took."""

    def __init__(self, zygote: Zygote, server: LoopbackServer, out: Path) -> None:
        zygote.start(*DAY, *_asking(server), "--out", str(out))
        began = time.monotonic()
        assert zygote.end() == 0
        self.seconds = time.monotonic() - began
        self.tables, self.asked = tables(out), asked(server)
        self.ledger = _ledger(out)


def _asking(server: LoopbackServer) -> tuple[str, ...]:
    return ("--model", "openai/loopback", "--api-base", server.base_url)


@pytest.fixture(scope="module")
def undisturbed(
    zygote: Zygote, server: LoopbackServer, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """Run without disturbance."""
    server.behave(server.chaos)
    return Told(zygote, server, tmp_path_factory.mktemp("undisturbed") / "run")


@pytest.mark.parametrize("moment", range(KILLS))
def test_it_ends_the_same_and_pays_for_no_stored_answer_again(
    moment: int, zygote: Zygote, server: LoopbackServer, undisturbed: Told, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    wait_s = undisturbed.seconds * random.Random(moment).uniform(0.02, 0.98)  # noqa: S311 - a test
    pid = zygote.start(*DAY, *_asking(server), "--out", str(out))
    time.sleep(wait_s)
    with suppress(ProcessLookupError):  # a fast run may be over
        os.kill(pid, signal.SIGKILL)
    status = zygote.end()
    assert status in {0, signal.SIGKILL}
    stored = _stored(out)
    server.behave(server.chaos)
    # Killed in its first moments it leaves nothing to resume.
    again = ["--resume"] if out.exists() or unfinished(out).exists() else []
    zygote.start(*DAY, *_asking(server), "--out", str(out), *again)
    assert zygote.end() == 0
    assert tables(out) == undisturbed.tables
    assert _ledger(out).equals(undisturbed.ledger)
    # The question before the run is asked once more if the first moments were the last.
    fresh = {text: count for text, count in asked(server).items() if CHECK not in text}
    wanted = undisturbed.asked - stored
    assert fresh == {text: count for text, count in wanted.items() if CHECK not in text}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def _ledger(out: Path) -> pd.DataFrame:
    """Return the ledger of a run without its times."""
    return pd.read_parquet(out / LEDGER).drop(columns="latency_s")


def _stored(out: Path) -> Counter[str]:
    """Return the prompts that have been answered and kept, in the finished folder or before."""
    homes = (file for file in (unfinished(out) / ANSWERS, out / ANSWERS) if file.is_file())
    file = next(homes, None)
    if file is None:
        return Counter()
    with Store(file) as kept:
        messages = [json.loads(one.canonical)["messages"] for one in kept]
    lines = [[{"role": role, "content": text} for role, text in one] for one in messages]
    return Counter(str(one) for one in lines)
