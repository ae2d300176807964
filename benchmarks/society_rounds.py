"""How long a round of a platform takes in which everybody asks a language model once.

Prints one JSON object. A round is one activity of each agent (watch, search, chat or post) of the
model ``recommender``, by prompt, with so many requests in flight as there are keys. It stands
beside the times of RecAgent in the slides "LLM agents in social studies" (100 and 200 agents, 10
keys: three rounds each, in seconds). Those were measured against a hosted model, with several
calls an agent; ours here against a local server that answers after a fixed time. So the two may
be compared by what the framework adds, `ratio`, and by `call_s_for_slides`: how long one answer
would have to take for our round to be as long as theirs.

The server, unless another is named, runs in a process of its own and stops with this program.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from types import MappingProxyType
from typing import Any

from mesa_llm_city.models.recommender.model import RecommenderModel

from mesa_llm_city.experiments import settled
from mesa_llm_city.llm import LLM, ClientSpec, EngineConfig

SERVER = Path(__file__).parents[1] / "tests" / "llm" / "servers.py"
PROMPTS = Path(__file__).parents[1] / "models" / "recommender" / "prompts"

# Three rounds each, in seconds: the slides, table "Efficiency".
SLIDES: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {
        100: (135.2258811, 395.647825, 333.9154),
        200: (391.95364, 517.9082, 425.1331),
    }
)

# With these, everybody visits in every round.
EVERYBODY: Mapping[str, float] = MappingProxyType(
    {"social.viewing.visits": 1.0, "social.sharing.activity_shape": 1e12}
)


@contextmanager
def server(options: argparse.Namespace) -> Iterator[str]:
    """Name the server to measure, and start ours if there is none."""
    if options.base_url is not None:
        yield options.base_url
        return
    with subprocess.Popen(
        [sys.executable, SERVER, "--delay-s", str(options.delay_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield next(iter(started.stdout or [])).strip()
        started.communicate()  # closes its input, whereupon it stops


def measured(url: str, store: Path, agents: int, options: argparse.Namespace) -> dict[str, Any]:
    """Time some rounds of so many agents; the first one warms up."""
    spec = ClientSpec(backend="http", model=options.model, api_base=url, key_env=options.key_env)
    llm = LLM(
        spec,
        store=store,
        mode="record",
        prompts=[PROMPTS],
        engine=EngineConfig(in_flight=options.keys),
    )
    model = RecommenderModel(
        people=agents, days=options.rounds + 1, rng=7, llm=llm, prompts="full", **EVERYBODY
    )
    with settled():
        model.step()
        rounds_s, began_cpu = [], process_time()
        for _ in range(options.rounds):
            began = perf_counter()
            model.step()
            rounds_s.append(perf_counter() - began)
        cpu_s = process_time() - began_cpu
    llm.close()
    return table_row(agents, model.decided["prompt"], rounds_s, cpu_s, options)


def table_row(
    agents: int, answers: int, rounds_s: list[float], cpu_s: float, options: argparse.Namespace
) -> dict[str, Any]:
    """Return one row of the table, with that of the slides beside it."""
    ideal_s = ceil(agents / options.keys) * options.delay_s
    row: dict[str, Any] = {
        "agents": agents,
        "calls_per_agent_round": answers / agents / (options.rounds + 1),
        "rounds_s": [round(one, 3) for one in rounds_s],
        "mean_s": round(fmean(rounds_s), 3),
        "ideal_s": round(ideal_s, 3),
        "ratio": round(median(rounds_s) / ideal_s, 3),
        "cpu_ms_per_call": round(1000.0 * cpu_s / (agents * options.rounds), 2),
    }
    if slides_s := SLIDES.get(agents):
        row["slides_s"] = slides_s
        row["slides_mean_s"] = round(fmean(slides_s), 1)
        row["call_s_for_slides"] = round(fmean(slides_s) * options.keys / agents, 1)
    return row


def main() -> None:
    """Measure and print."""
    options = parsed()
    rows = []
    with server(options) as url, TemporaryDirectory() as folder:
        for agents in options.agents:
            store = Path(folder) / f"{agents}.sqlite"
            rows.append(measured(url, store, agents, options))
    asked = {name: getattr(options, name) for name in ("keys", "delay_s", "rounds")}
    print(json.dumps({"benchmark": "society_rounds", **asked, "rows": rows}, indent=2))


def parsed() -> argparse.Namespace:
    """Read the command line; our own server needs no key."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--base-url", help="up to and with /v1; by default a server of our own")
    parser.add_argument("--model", default="openai/loopback")
    parser.add_argument("--key-env", default="OPENAI_API_KEY", help="variable that holds the key")
    parser.add_argument("--agents", type=int, nargs="+", default=list(SLIDES))
    parser.add_argument("--keys", type=int, default=10, help="requests in flight")
    parser.add_argument("--delay-s", type=float, default=0.2, help="of an answer of our server")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault(options.key_env, "-")
    return options


if __name__ == "__main__":
    main()
