"""Small runs that ask a loopback server, for the tests of runs with language models."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from mesa_llm_city.experiments import RunOptions
from tests.llm.servers import LoopbackServer

TABLES = ("activities", "trips", "visits", "decisions", "needs", "people", "places")


def options(server: LoopbackServer, out: Path, **changes: Any) -> RunOptions:  # noqa: ANN401 - fields of RunOptions
    """Return a day of six people who ask a server."""
    asked: dict[str, Any] = {
        "citizens": 6,
        "seed": 3,
        "mind": "prompt",
        "llm": "openai/loopback",
        "api_base": server.base_url,
        "out": out,
        "skip_check": True,
        **changes,
    }
    return RunOptions(**asked)


def tables(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all tables of a run, but for the ledger."""
    return {name: (folder / f"{name}.parquet").read_bytes() for name in TABLES}


def asked(server: LoopbackServer) -> Counter[str]:
    """Return how often each prompt came to a server."""
    return Counter(str(body["messages"]) for body in server.stats.bodies)
