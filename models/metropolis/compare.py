"""A day with and without the hurricane: ``python -m mesa_llm_city.models.metropolis.compare``."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from mesa_llm_city.models.metropolis.answers import SCRIPTED
from mesa_llm_city.models.metropolis.model import CITIZENS, CROWD, Metropolis
from mesa_llm_city.models.metropolis.pictures import draw_day
from mesa_llm_city.models.metropolis.snapshots import HOURS, MetropolisDay
from mesa_llm_city.models.metropolis.storm import WARNED_MIN

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.garbage_collection import settled

__all__ = ["both_days", "changes", "lived_day", "main"]


def lived_day(options: dict[str, Any]) -> MetropolisDay:
    """Live a day of a `Metropolis` with some options, and return what is kept of it."""
    model = Metropolis(**options)
    with settled():
        while model.running:
            model.step()
    return model.day()


def both_days(
    crowd: int, citizens: int = CITIZENS, *, rng: int = 7, processes: int = 2
) -> tuple[MetropolisDay, MetropolisDay]:
    """Live the day with the hurricane and its control, each in a process of its own.

    Parameters
    ----------
    crowd, citizens : int
        People who live as rows, and people who think.
    rng : int, default 7
        Seed of both days.
    processes : {1, 2}, default 2
        With 1 both are lived one after the other in this process.

    Returns
    -------
    tuple of MetropolisDay
        With the hurricane, and without.
    """
    asked = [
        {"crowd": crowd, "citizens": citizens, "rng": rng, "warned": warned}
        for warned in (True, False)
    ]
    if processes == 1:
        warned, control = map(lived_day, asked)
        return warned, control
    with ProcessPoolExecutor(len(asked), mp_context=get_context("spawn")) as pool:
        warned, control = pool.map(lived_day, asked)
    return warned, control


def changes(warned: MetropolisDay, control: MetropolisDay) -> dict[str, Any]:
    """Return in numbers what the warning has changed.

    Returns
    -------
    dict
        ``out_before`` and ``out_after``: the mean share of the crowd away from home until noon
        and from then on, warned and control; ``trips`` of both; ``decided_to_stay_in``, rows
        who did so when they were warned; ``people_elsewhere``: at least how many people are in
        another cell, by hour.
    """
    told: dict[str, Any] = {"trips": [warned.trips, control.trips]}
    told["decided_to_stay_in"] = [warned.staying_in, control.staying_in]
    for name, is_after in (("out_before", False), ("out_after", True)):
        means = [
            one.series.loc[(one.series["minute"] > WARNED_MIN) == is_after, "out"].mean()
            for one in (warned, control)
        ]
        told[name] = [round(float(mean), 4) for mean in means]
    told["people_elsewhere"] = {
        f"{hour}:00": int(np.abs(warned.densities[hour] - control.densities[hour]).sum() // 2)
        for hour in HOURS
        if hour in warned.densities
    }
    return told


def main() -> int:
    """Live both days, and write the picture and what has changed into a folder."""
    parser = ArgumentParser(description="A day of a metropolis, with and without a hurricane.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("runs/metropolis"))
    parser.add_argument("--crowd", type=int, default=CROWD, help="people who live as rows")
    parser.add_argument("--citizens", type=int, default=CITIZENS, help="people who think")
    parser.add_argument("--seed", type=int, default=7, help="seed of both days")
    parser.add_argument("--processes", type=int, default=2, choices=(1, 2), help="days at a time")
    given = parser.parse_args()
    began = perf_counter()
    try:
        warned, control = both_days(
            given.crowd, given.citizens, rng=given.seed, processes=given.processes
        )
    except CityError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    given.folder.mkdir(parents=True, exist_ok=True)
    found = {
        "model": "metropolis",
        "crowd": warned.people,
        "citizens": warned.citizens,
        "seed": given.seed,
        "language_model": SCRIPTED,
        "warned_at": f"{WARNED_MIN // HOUR_MIN}:00",
        "warned_and_control": changes(warned, control),
        "digests": [warned.digest, control.digest],
        "wall_s": round(perf_counter() - began, 1),
    }
    text = json.dumps(found, indent=2)
    (given.folder / "changes.json").write_text(f"{text}\n", encoding="utf-8")
    draw_day(warned, control).savefig(given.folder / "metropolis.png", dpi=110)
    sys.stdout.write(f"{text}\npicture: {given.folder / 'metropolis.png'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
