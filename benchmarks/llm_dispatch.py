"""How fast many people get many answers: makespan, CPU per call, requests in flight.

Prints one JSON object. Each person asks one question after another, each after the answer to
the one before; the chains of different people overlap. The ideal is the longest of these
chains as the server timed them, or the sum of all its delays over the requests allowed in
flight, whichever is longer. No order of sending comes so far if delays are not known beforehand:
`in_order_s` is how long the same delays take, free of any overhead, if those go first who have
most questions ahead; it is the mean over orders of those who have as many. CPU is that of this
process, threads included, from rendering the prompt to the checked reply, with every answer kept
in a store; the last pass is replayed from there. The server, unless another is named, runs in a
process of its own, answers after a log-normal delay, and stops with this program. With litellm,
the same chains are also run as a bare gather of its `acompletion`, in turn with ours, their
prompts rendered beforehand.

With `--uneven`, persons ask from one question to `--questions`. Their purpose tells how many
there will be (`told`), as in a city, where a plan leads to more questions than a greeting, or
nothing tells it (`untold`). The first pass, from which nothing is known yet, is apart.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from heapq import heapify, heappop, heappush
from importlib import import_module
from math import fsum
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple
from urllib.request import urlopen

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city import ask
from mesa_llm_city.core.asking import Question, Thought, run_all
from mesa_llm_city.experiments import settled
from mesa_llm_city.llm import LLM, ClientSpec, EngineConfig
from mesa_llm_city.llm.loop import shared_loop
from mesa_llm_city.llm.reply_schema import schema_of

SERVER = Path(__file__).parents[1] / "tests" / "llm" / "servers.py"
BARE_TURN = 1000
ORDERS = 20


class Vote(BaseModel):
    """What is asked for."""

    reason: str = Field(max_length=80)
    choice: int = Field(ge=0, le=10)


class Pass(NamedTuple):
    """One pass of all chains."""

    makespan_s: float
    cpu_s: float
    ideal_s: float | None
    in_order_s: float | None
    calls: int


def facts(turn: int, person: int, count: int, heard: int) -> dict[str, object]:
    """Return what a prompt tells; the server times each chain by its name."""
    return {"chain": f"chain-{turn}-{person}", "count": count, "heard": heard}


def questions_of(person: int, options: argparse.Namespace) -> int:
    """Return how many questions a person asks."""
    most: int = options.questions
    return 1 + person % most if options.uneven else most


def purpose_of(person: int, options: argparse.Namespace) -> str:
    """Return what the questions of a person are about."""
    told = options.uneven == "told"
    return f"dispatch_{questions_of(person, options)}" if told else "dispatch"


async def chain(turn: int, person: int, options: argparse.Namespace) -> int:
    """Ask one question after another."""
    heard, purpose = 0, purpose_of(person, options)
    for count in range(questions_of(person, options)):
        heard = (await ask(purpose, Vote, **facts(turn, person, count, heard))).choice
    return heard


def ours(llm: LLM, options: argparse.Namespace, turn: int) -> list[int]:
    """Run all chains."""
    thoughts = [
        Thought(chain(turn, person, options), person=person, minute=turn)
        for person in range(options.agents)
    ]
    return run_all(thoughts, backend=llm)


def rendered(llm: LLM, options: argparse.Namespace, turn: int) -> list[list[list[dict[str, str]]]]:
    """Return the messages of each person's questions."""

    def messages(person: int, count: int) -> list[dict[str, str]]:
        told = facts(turn, person, count, 0)
        purpose = purpose_of(person, options)
        question = Question(purpose=purpose, reply=Vote, facts=told, person=person)
        written = llm.library.render(question).messages
        return [{"role": role, "content": content} for role, content in written]

    return [
        [messages(person, count) for count in range(questions_of(person, options))]
        for person in range(options.agents)
    ]


def bare(url: str, options: argparse.Namespace, prompts: Sequence[Sequence[object]]) -> None:
    """Run all chains as a gather of litellm's own calls."""
    litellm: Any = import_module("litellm")  # by name: mypy would read its 2,600 modules
    form = {"type": "json_schema", "json_schema": {"name": "Vote", "schema": schema_of(Vote)}}

    async def one(asked: Sequence[object]) -> None:
        for messages in asked:
            answer = await litellm.acompletion(
                model=options.model,
                messages=messages,
                temperature=0.7,
                max_tokens=512,
                timeout=60.0,
                max_retries=0,
                api_base=url,
                api_key=os.environ[options.key_env],
                response_format=form,
            )
            Vote.model_validate_json(answer.choices[0].message.content)

    async def everyone() -> None:
        await asyncio.gather(*map(one, prompts))

    shared_loop().run(everyone())


def timed(run: Callable[[], object], url: str, options: argparse.Namespace) -> Pass:
    """Time one pass, and ask the server how long its delays were."""
    before = stats(url).get("chain_s", {})
    with settled():  # as the command line runs; else the size of litellm's heap is measured
        began, began_cpu = perf_counter(), process_time()
        run()
        makespan_s, cpu_s = perf_counter() - began, process_time() - began_cpu
    after = stats(url).get("chain_s", {})
    chains = [delays_s for name, delays_s in after.items() if name not in before]
    ideal_s = in_order_s = None
    if chains:
        lasting_s = [fsum(one) for one in chains]
        ideal_s = max(*lasting_s, fsum(lasting_s) / options.in_flight)
        in_order_s = fmean(
            sent_in_order(chains, options.in_flight, np.random.default_rng(n))
            for n in range(ORDERS)
        )
    calls = sum(questions_of(person, options) for person in range(options.agents))
    return Pass(makespan_s, cpu_s, ideal_s, in_order_s, calls)


def sent_in_order(
    chains: Sequence[Sequence[float]], in_flight: int, random: np.random.Generator
) -> float:
    """Return how long chains of delays take if those go first who have most questions ahead."""
    waiting = [(-len(delays_s), random.random(), row) for row, delays_s in enumerate(chains)]
    heapify(waiting)
    under_way: list[tuple[float, int, int]] = []
    now_s = 0.0
    while waiting or under_way:
        while waiting and len(under_way) < in_flight:
            left, _, row = heappop(waiting)
            heappush(under_way, (now_s + chains[row][left], row, left))
        now_s, row, left = heappop(under_way)
        if left < -1:
            heappush(waiting, (left + 1, random.random(), row))
    return now_s


def stats(url: str) -> dict[str, Any]:
    """Return what our loopback server has seen; empty if the server is another."""
    try:
        with urlopen(f"{url}/stats", timeout=10.0) as response:  # noqa: S310 - the server to measure
            told: dict[str, Any] = json.load(response)
    except (OSError, ValueError):
        return {}
    return told


def summed_up(passes: Sequence[Pass]) -> dict[str, Any]:
    """Return the medians of several passes."""
    ratios = [one.makespan_s / one.ideal_s for one in passes if one.ideal_s is not None]
    ideals_s = [one.ideal_s for one in passes if one.ideal_s is not None]
    in_order_s = [one.in_order_s for one in passes if one.in_order_s is not None]
    beside = [one.makespan_s / one.in_order_s for one in passes if one.in_order_s is not None]
    return {
        "makespan_s": round(median(one.makespan_s for one in passes), 4),
        "ideal_s": round(median(ideals_s), 4) if ideals_s else None,
        "ratio": round(median(ratios), 3) if ratios else None,
        "ratio_worst": round(max(ratios), 3) if ratios else None,
        "in_order_s": round(median(in_order_s), 4) if in_order_s else None,
        "ratio_to_in_order": round(fmean(beside), 3) if beside else None,
        "cpu_ms_per_call": _cpu_ms(passes),
    }


def _cpu_ms(passes: Sequence[Pass]) -> float:
    return round(median(1000.0 * one.cpu_s / one.calls for one in passes), 3)


@contextmanager
def server(options: argparse.Namespace) -> Iterator[str]:
    """Name the server to measure, and start ours if there is none."""
    if options.base_url is not None:
        yield options.base_url
        return
    delays = ["--delay-s", str(options.delay_s), "--sigma", str(options.sigma)]
    with subprocess.Popen(
        [sys.executable, SERVER, *delays], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        yield next(iter(started.stdout or [])).strip()
        started.communicate()  # closes its input, whereupon it stops


def measure(url: str, store: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Warm up, run ours and, with litellm, the bare gather in turn; replay the last pass."""
    spec = ClientSpec(
        backend=options.backend, model=options.model, api_base=url, key_env=options.key_env
    )
    llm = LLM(spec, store=store, mode="record", engine=EngineConfig(in_flight=options.in_flight))
    passes: dict[str, list[Pass]] = {"ours": [], "bare": []}
    for turn in range(options.repeats + 1):
        runs: dict[str, Callable[[], object]] = {"ours": partial(ours, llm, options, turn)}
        if options.backend == "litellm":
            prompts = rendered(llm, options, turn + BARE_TURN)
            runs["bare"] = partial(bare, url, options, prompts)
        # Who comes first finds less garbage; so they take turns.
        for name in sorted(runs, reverse=turn % 2 == 0):
            passes[name].append(timed(runs[name], url, options))
    llm.close()
    replay = timed(partial(ours, LLM.replay(store), options, options.repeats), url, options)
    told = {
        **summed_up(passes["ours"][1:]),
        "first_ratio": summed_up(passes["ours"][:1])["ratio"],
        "replay_cpu_ms_per_call": _cpu_ms([replay]),
        "max_in_flight": stats(url).get("max_in_flight"),
    }
    if passes["bare"]:
        told["bare"] = summed_up(passes["bare"][1:])
        told["ratio_to_bare"] = round(told["makespan_s"] / told["bare"]["makespan_s"], 3)
    return told


def main() -> None:
    """Measure and print."""
    options = parsed()
    with server(options) as url, TemporaryDirectory() as folder:
        told = measure(url, Path(folder) / "answers.sqlite", options)
    names = ("backend", "agents", "questions", "uneven", "in_flight", "delay_s", "sigma", "repeats")
    asked = {name: getattr(options, name) for name in names}
    print(json.dumps({"benchmark": "llm_dispatch", **asked, **told}, indent=2))


def parsed() -> argparse.Namespace:
    """Read the command line; our own server needs no key, but litellm wants one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--base-url", help="up to and with /v1; by default a server of our own")
    parser.add_argument("--backend", choices=["http", "litellm"], default="http")
    parser.add_argument("--model", default="openai/loopback")
    parser.add_argument("--key-env", default="OPENAI_API_KEY", help="variable that holds the key")
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--questions", type=int, default=1)
    parser.add_argument(
        "--uneven", choices=["told", "untold"], help="persons ask from one question to so many"
    )
    parser.add_argument("--in-flight", type=int, help="by default all agents")
    parser.add_argument("--delay-s", type=float, default=0.2, help="median, of our own server")
    parser.add_argument("--sigma", type=float, default=0.0, help="of the delay's logarithm")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    options.in_flight = options.in_flight or options.agents
    os.environ.setdefault(options.key_env, "-")
    return options


if __name__ == "__main__":
    main()
