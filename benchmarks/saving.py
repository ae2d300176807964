"""Saved models: ten saves at random minutes that go on in fresh processes, and what a save costs.

``python benchmarks/saving.py`` compares digests, by rules and with recorded answers to all prompts;
``--cost`` measures saving, loading and copying a model of 10,000 people after a day. One JSON
object is printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.simulation.saving import restored, snapshot

SEED = 7


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cost", action="store_true", help="Measure CPU seconds and bytes.")
    parser.add_argument("--people", type=int, default=None, help="20 for digests, 10,000 for cost.")
    parser.add_argument("--saves", type=int, default=10, help="Number of saves.")
    parser.add_argument("--finish", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.finish:
        print(finished(*asked.finish))
        return
    found = cost(asked.people or 10_000) if asked.cost else digests(asked.people or 20, asked.saves)
    print(json.dumps({"benchmark": "saving", **found}))


def digests(people: int, saves: int) -> dict[str, Any]:
    """Return how many of the loaded models end with the digest of the uninterrupted one."""
    with TemporaryDirectory() as home:
        store = Path(home, "answers.sqlite")
        spec = ClientSpec(backend="scripted", model="made-up")
        with closing(LLM(spec, store=store)) as llm:
            finish(model(people, llm))
        told = {}
        for name, recording in (("rules", ""), ("prompts", str(store))):
            told[name] = equal(people, recording, Path(home, name), saves)
    return {"people": people, "saves": saves, "equal_digests": told}


def equal(people: int, recording: str, home: Path, saves: int) -> int:
    """Save a day at random minutes, let fresh processes finish it, and count equal digests."""
    steps = sorted(Random(SEED).sample(range(1, 288), saves))  # noqa: S311 - which minutes
    llm = LLM.replay(recording) if recording else None
    lived = model(people, llm)
    for step in steps:
        while lived.steps < step:
            lived.step()
        lived.save(home / str(step))
    expected = finish(lived)
    return [in_fresh_process(home / str(step), recording) for step in steps].count(expected)


def in_fresh_process(folder: Path, recording: str) -> str:
    """Return the digest with which another process finishes the day of a save."""
    command = [sys.executable, __file__, "--finish", str(folder), recording, "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def finished(folder: str, recording: str, _: str) -> str:
    """Return the digest of the day of a save once it is over."""
    llm = LLM.replay(recording) if recording else None
    return finish(CityModel.load(folder, llm=llm))


def finish(one: CityModel) -> str:
    """Let a model live to the end of its first day, and return its digest."""
    while one.steps < 288:
        one.step()
    return one.digest()


def model(people: int, llm: LLM | None = None) -> CityModel:
    """Return a small town at its first midnight."""
    city = City.synthetic(rng=1, places=400)
    inhabitants = Population.synthesize(people, city=city, rng=3)
    prompts = "full" if llm is not None else ()
    return CityModel(city, inhabitants, rng=SEED, llm=llm, prompts=prompts)


def cost(people: int) -> dict[str, Any]:
    """Return CPU seconds and size of a save, and CPU seconds of a copy in memory."""
    lived = CityModel(City.synthetic(rng=1), people, rng=SEED)
    lived.run_days(1)
    with TemporaryDirectory() as home:
        began = process_time()
        lived.save(home)
        saved = process_time()
        size = sum(path.stat().st_size for path in Path(home).iterdir())
        again = process_time()
        CityModel.load(home)
        loaded = process_time()
    kept = snapshot(lived)
    restored(kept)
    return {
        "people": people,
        "save_cpu_s": round(saved - began, 2),
        "save_mb": round(size / 1e6, 1),
        "load_cpu_s": round(loaded - again, 2),
        "copy_cpu_s": round(process_time() - loaded, 2),
        "copy_mb": round(len(kept.contents) / 1e6, 1),
    }


if __name__ == "__main__":
    main()
