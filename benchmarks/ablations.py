"""What each part of the mind does to behaviour: the same people, with one part left out.

Prints one JSON object. For each part that a run may go without (``--without`` of the command
line) it tells key figures of some days by rule, and those that differ most surely from the whole
mind: by the mean difference over its standard error, seed against the same seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.citizen.presets import ABLATIONS


def gini(counts: Sequence[float]) -> float:
    """Return how unequal numbers are, from 0 (all equal) to 1 (one has all)."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


def entropy(counts: Sequence[float]) -> float:
    """Return Shannon's entropy in bits."""
    share = np.asarray(counts, dtype=float)
    share = share[share > 0] / share.sum()
    return float(-(share * np.log2(share)).sum())


def figures(model: CityModel, days: int) -> dict[str, float]:
    """Return the key figures of a run."""
    activities, visits, decisions = model.activities(), model.visits(), model.decisions()
    people = len(model.citizens) * days
    minutes = (activities["end"] - activities["start"]).dt.total_seconds() / 60.0
    by_purpose = minutes.groupby(activities["purpose"].astype(str)).sum()
    broken_off = (decisions["component"] == "perception") & (decisions["choice"] != "continue")
    own = visits.groupby("person")["place"].agg(lambda places: places.nunique() / len(places))
    needs = model.needs()
    return {
        "trips per day": len(model.trips()) / people,
        "visits per day": len(visits) / people,
        "kilometres per trip": float(model.trips()["distance_m"].mean()) / 1000.0,
        "entropy of time use, bits": entropy(by_purpose.tolist()),
        "blocks per day": len(activities) / people,
        "interruptions per day": float(broken_off.sum()) / people,
        "Gini of visits by place": gini(visits["place"].value_counts().tolist()),
        "new places per visit": float(own.mean()),
        "mean satisfaction of visits": float(visits["satisfaction"].mean()),
        "conversations per day": len(model.conversations()) / people,
        "leisure hours per day": float(by_purpose.get("leisure", 0.0)) / people / 60.0,
        "sport minutes per day": float(by_purpose.get("sport", 0.0)) / people,
        "social minutes per day": float(by_purpose.get("social", 0.0)) / people,
        "hours at home at rest": float(by_purpose.get("rest", 0.0)) / people / 60.0,
        "lowest social need": float(needs.groupby("person")["social"].min().mean())
        if len(needs)
        else float("nan"),
    }


def lived(seed: int, without: tuple[str, ...], options: argparse.Namespace) -> dict[str, float]:
    """Return the figures of one run."""
    city = City.synthetic()
    people = Population.synthesize(options.citizens, city=city, rng=seed)
    model = CityModel(city, people, rng=seed, without=without)
    model.run_days(options.days)
    return figures(model, options.days)


def compared(options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of the whole mind, and how each ablation differs from it."""
    seeds = range(options.seeds)
    whole = [lived(seed, (), options) for seed in seeds]
    told: dict[str, Any] = {"whole": means(whole)}
    for what in options.components or ABLATIONS:
        runs = [lived(seed, (what,), options) for seed in seeds]
        told[f"without {what}"] = differences(whole, runs)
    return told


def means(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each figure over seeds."""
    return {name: round(float(np.mean([run[name] for run in runs])), 3) for name in runs[0]}


def differences(
    whole: Sequence[dict[str, float]], runs: Sequence[dict[str, float]], most: int = 4
) -> dict[str, dict[str, float]]:
    """Return the figures that differ most surely, with the mean difference and its error."""
    found = {}
    for name in whole[0]:
        moved = np.array([run[name] - one[name] for one, run in zip(whole, runs, strict=True)])
        if np.isfinite(moved).all() and moved.any():
            error = float(moved.std(ddof=1)) / len(moved) ** 0.5
            found[name] = (float(moved.mean()), error)
    surest = sorted(found, key=lambda name: -abs(found[name][0]) / max(found[name][1], 1e-9))
    return {
        name: {"difference": round(found[name][0], 3), "standard error": round(found[name][1], 3)}
        for name in surest[:most]
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seeds", type=int, default=3, help="at least 2")
    parser.add_argument("--parts", nargs="*", choices=sorted(ABLATIONS), help="all by default")
    options = parser.parse_args()
    asked = {name: getattr(options, name) for name in ("citizens", "days", "seeds")}
    told = {"benchmark": "ablations", "mind": "rule", **asked, **compared(options)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
