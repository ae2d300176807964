"""How fast many people get many answers: makespan, CPU per call, requests in flight.

Prints one JSON object. Each person asks one question after another, each after the answer to
the one before; the chains of different people overlap. The ideal is the longest of these
chains as the server timed them, or the sum of all its delays over the requests allowed in
flight, whichever is longer. CPU is that of this process, threads included, from rendering to
the checked reply; the server, unless another is named, runs in a process of its own, answers
after a log-normal delay, and stops with this program. With litellm, the same chains are also
run as a bare gather of its `acompletion`, in turn with ours.
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
from importlib import import_module
from math import fsum
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple
from urllib.request import urlopen

from pydantic import BaseModel, Field

from mesa_llm_city import ask
from mesa_llm_city.errors import CityError, LLMError
from mesa_llm_city.llm.base import Address, Message, Request
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from mesa_llm_city.llm.loop import shared_loop
from mesa_llm_city.thinking import Question, Thought, run_all

SERVER = Path(__file__).parents[1] / "tests" / "llm" / "servers.py"
RULES = "You are a person in a city. Answer in JSON with a short reason and a choice. " * 15


class Vote(BaseModel):
    """What is asked for."""

    reason: str = Field(max_length=80)
    choice: int = Field(ge=0, le=10)


SCHEMA = {**Vote.model_json_schema(), "additionalProperties": False}


class Pass(NamedTuple):
    """One pass of all chains."""

    makespan_s: float
    cpu_s: float
    ideal_s: float | None
    calls: int


class EngineBackend:
    """Puts questions to an engine, and checks what comes back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._model = engine.spec.model

    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel | CityError]:
        """Answer all, one after another as they come."""
        self.submit(list(enumerate(questions)))
        answers: dict[int, BaseModel | CityError] = {}
        while len(answers) < len(questions):
            answers.update(self.take())
        return [answers[number] for number in range(len(questions))]

    def submit(self, questions: Sequence[tuple[int, Question]]) -> None:
        """Hand questions over."""
        self._engine.submit(
            Job(number, request_of(question, self._model)) for number, question in questions
        )

    def take(self) -> Sequence[tuple[int, BaseModel | CityError]]:
        """Return what has come."""
        return [(done.ticket, answer_of(done)) for done in self._engine.take()]

    def abandon(self) -> None:
        """Give up what is open."""
        self._engine.drain(0.0)


def answer_of(done: Done) -> BaseModel | CityError:
    """Return the checked reply, or what took its place."""
    if done.completion is None:
        return done.error or LLMError("neither an answer nor an error")
    return Vote.model_validate_json(done.completion.text)


def request_of(question: Question, model: str) -> Request:
    """Write the prompt of a question."""
    told = " ".join(f"{name}: {value}." for name, value in question.facts.items())
    return Request(
        model=model,
        messages=(Message("system", RULES), Message("user", told)),
        address=Address(str(question.person), 0, question.purpose, question.count),
        schema=SCHEMA,
        schema_name="Vote",
    )


async def chain(turn: int, person: int, questions: int) -> int:
    """Ask one question after another."""
    heard = 0
    for count in range(questions):
        told = {"chain": f"chain-{turn}-{person}", "count": count, "heard": heard}
        heard = (await ask("dispatch", Vote, **told)).choice
    return heard


def ours(engine: Engine, options: argparse.Namespace, turn: int) -> list[int]:
    """Run all chains through the engine."""
    thoughts = [
        Thought(chain(turn, person, options.questions), person=person)
        for person in range(options.agents)
    ]
    return run_all(thoughts, backend=EngineBackend(engine))


def bare(url: str, options: argparse.Namespace, turn: int) -> list[int]:
    """Run all chains as a gather of litellm's own calls."""
    litellm: Any = import_module("litellm")  # by name: mypy would read its 2,600 modules
    form = {"type": "json_schema", "json_schema": {"name": "Vote", "schema": SCHEMA}}

    async def one(person: int) -> int:
        heard = 0
        for count in range(options.questions):
            told = f"chain: chain-{turn}-{person}. count: {count}. heard: {heard}."
            answer: Any = await litellm.acompletion(
                model=options.model,
                messages=[{"role": "system", "content": RULES}, {"role": "user", "content": told}],
                temperature=0.7,
                max_tokens=512,
                timeout=60.0,
                max_retries=0,
                api_base=url,
                api_key=os.environ["OPENAI_API_KEY"],
                response_format=form,
            )
            heard = Vote.model_validate_json(answer.choices[0].message.content).choice
        return heard

    async def everyone() -> list[int]:
        return await asyncio.gather(*(one(person) for person in range(options.agents)))

    return shared_loop().run(everyone())


def timed(run: Callable[[], object], url: str, options: argparse.Namespace) -> Pass:
    """Time one pass, and ask the server how long its delays were."""
    before = stats(url).get("chain_s", {})
    began, began_cpu = perf_counter(), process_time()
    run()
    makespan_s, cpu_s = perf_counter() - began, process_time() - began_cpu
    after = stats(url).get("chain_s", {})
    chains = [spent_s for name, spent_s in after.items() if name not in before]
    ideal_s = max([*chains, fsum(chains) / options.in_flight]) if chains else None
    return Pass(makespan_s, cpu_s, ideal_s, options.agents * options.questions)


def stats(url: str) -> dict[str, Any]:
    """Return what our loopback server has seen; empty if the server is another."""
    try:
        with urlopen(f"{url}/stats", timeout=10.0) as response:  # noqa: S310 - the server to measure
            told: dict[str, Any] = json.load(response)
    except OSError:
        return {}
    return told


def summed_up(passes: Sequence[Pass]) -> dict[str, Any]:
    """Return the medians of several passes."""
    ratios = [one.makespan_s / one.ideal_s for one in passes if one.ideal_s is not None]
    ideals_s = [one.ideal_s for one in passes if one.ideal_s is not None]
    return {
        "makespan_s": round(median(one.makespan_s for one in passes), 4),
        "ideal_s": round(median(ideals_s), 4) if ideals_s else None,
        "ratio": round(median(ratios), 3) if ratios else None,
        "ratios": [round(ratio, 3) for ratio in ratios],
        "cpu_ms_per_call": round(median(1000.0 * one.cpu_s / one.calls for one in passes), 3),
    }


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


def measure(url: str, options: argparse.Namespace) -> dict[str, Any]:
    """Warm up, then run ours and, with litellm, the bare gather in turn."""
    os.environ.setdefault("OPENAI_API_KEY", "-")
    key_env = "OPENAI_API_KEY" if options.backend == "litellm" else options.key_env
    spec = ClientSpec(backend=options.backend, model=options.model, api_base=url, key_env=key_env)
    engine = Engine(spec, EngineConfig(in_flight=options.in_flight))
    our_passes, bare_passes = [], []
    for turn in range(options.repeats + 1):
        our_passes.append(timed(partial(ours, engine, options, turn), url, options))
        if options.backend == "litellm":
            bare_passes.append(timed(partial(bare, url, options, turn + 1000), url, options))
    engine.close()
    told = {**summed_up(our_passes[1:]), "max_in_flight": stats(url).get("max_in_flight")}
    if bare_passes:
        told["bare"] = summed_up(bare_passes[1:])
        told["ratio_to_bare"] = round(told["makespan_s"] / told["bare"]["makespan_s"], 3)
    return told


def main() -> None:
    """Measure and print."""
    options = parsed()
    with server(options) as url:
        told = measure(url, options)
    names = ("backend", "agents", "questions", "in_flight", "delay_s", "sigma", "repeats")
    asked = {name: getattr(options, name) for name in names}
    print(json.dumps({"benchmark": "llm_dispatch", **asked, **told}, indent=2))


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--base-url", help="up to and with /v1; by default a server of our own")
    parser.add_argument("--backend", choices=["http", "litellm"], default="http")
    parser.add_argument("--model", default="openai/loopback")
    parser.add_argument("--key-env", help="name of the variable that holds the key")
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--questions", type=int, default=1)
    parser.add_argument("--in-flight", type=int, help="by default all agents")
    parser.add_argument("--delay-s", type=float, default=0.2, help="median, of our own server")
    parser.add_argument("--sigma", type=float, default=0.0, help="of the delay's logarithm")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    options.in_flight = options.in_flight or options.agents
    return options


if __name__ == "__main__":
    main()
