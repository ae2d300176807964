"""How far days by rule are from surveys: shares of time by age, and how often places are visited.

Prints one JSON object; nothing is fitted. With --time-use the table of a time-use survey is
compared (columns sex, age, employment, activity, mean_minutes_per_day, as in tabulations of the
American Time Use Survey); half of the days are weekend days, as in its diaries. Its baseline is
the survey's own mean over all ages, told for every age group. With --checkins ranks of places by
visitors are compared with ranks by users of check-ins (see visits.py).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from visits import popularity

from mesa_llm_city import City, CityModel

DAY_MIN = 1440.0
WEEK = 7
GROUPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sleep and care": (("sleep", "care"), ("personal_care",)),
    "work": (("work",), ("work",)),
    "education": (("school",), ("education",)),
    "housework": (
        ("housework",),
        ("household_chores", "care_household", "care_nonhousehold"),
    ),
    "meals": (("meal",), ("food",)),
    "shopping and services": (
        ("shopping", "errand", "health"),
        ("purchasing", "pro_services", "household", "gov_civic"),
    ),
    "leisure and company": (
        ("leisure", "rest", "social"),
        ("social", "religion", "volunteer", "phone"),
    ),
    "sports": (("sport",), ("sports",)),
    "travel": (("travel",), ("travel",)),
}
"""Groups of activities: our purposes, and the survey's activities."""


def simulated(model: CityModel) -> pd.DataFrame:
    """Return minutes a day by person and group, weekdays and weekends half and half."""
    activities = model.activities()
    activities["minutes"] = (activities["end"] - activities["start"]).dt.total_seconds() / 60.0
    weekend = activities["start"].dt.day_of_week >= 5
    # A week has five weekdays and two days of weekend; the diaries have as many of either.
    activities["minutes"] *= np.where(weekend, 0.5 / 2.0, 0.5 / 5.0)
    own = {purpose: group for group, (ours, _) in GROUPS.items() for purpose in ours}
    activities["group"] = activities["purpose"].astype(str).map(own)
    table = activities.pivot_table(
        index="person", columns="group", values="minutes", aggfunc="sum", fill_value=0.0
    )
    return table.reindex(columns=list(GROUPS), fill_value=0.0)


def surveyed(file: Path) -> pd.DataFrame:
    """Return minutes a day by age group and group of activities, adding up to a day."""
    rows = pd.read_csv(file).query("sex == 'all' and employment == 'all'")
    table = rows.pivot_table(index="age", columns="activity", values="mean_minutes_per_day")
    grouped = pd.DataFrame(
        {group: table[list(theirs)].sum(axis=1) for group, (_, theirs) in GROUPS.items()}
    )
    return grouped.mul(DAY_MIN / grouped.sum(axis=1), axis=0)


def time_use(file: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Compare shares of time by age group."""
    city = City.synthetic()
    model = CityModel(city, options.citizens, rng=options.seed)
    model.run_days(WEEK)
    minutes, wanted = simulated(model), surveyed(file)
    age = pd.Series({one.id: one.age for one in model.population}).reindex(minutes.index)
    naive = wanted.loc["15+"]
    rows, ours, baseline = {}, [], []
    for group in [name for name in wanted.index if name != "15+"]:
        low, _, high = group.replace("+", "-200").partition("-")
        some = minutes[(age >= int(low)) & (age <= int(high))].mean()
        ours.append(distance(some.to_numpy(), wanted.loc[group].to_numpy()))
        baseline.append(distance(naive.to_numpy(), wanted.loc[group].to_numpy()))
        rows[group] = {
            "ours": some.round(0).astype(int).to_dict(),
            "survey": wanted.loc[group].round(0).astype(int).to_dict(),
        }
    everybody = minutes[age >= 15].mean()
    return {
        "mean_absolute_error_pp": mean_of(ours, 0),
        "baseline_error_pp": mean_of(baseline, 0),
        "jensen_shannon": mean_of(ours, 1),
        "baseline_jensen_shannon": mean_of(baseline, 1),
        "all_15_and_over": {
            "ours": everybody.round(0).astype(int).to_dict(),
            "survey": naive.round(0).astype(int).to_dict(),
        },
        "by_age": rows,
    }


def distance(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return mean absolute difference in percentage points, and Jensen-Shannon distance."""
    shares = [part / part.sum() for part in (one, other)]
    pp = 100.0 * float(np.abs(shares[0] - shares[1]).mean())
    return pp, float(jensenshannon(shares[0], shares[1], base=2))


def mean_of(pairs: Sequence[tuple[float, float]], at: int) -> float:
    """Return the mean of one of two figures."""
    return round(float(np.mean([pair[at] for pair in pairs])), 3)


def main() -> None:
    """Compare what there is data for, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--time-use", type=Path, help="table of a time-use survey")
    parser.add_argument("--checkins", type=Path, help="table of venues with numbers of users")
    parser.add_argument("--users", type=Path, help="table of check-ins by user and venue")
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7, help="for the visits")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    told: dict[str, Any] = {"benchmark": "realism", "mind": "rule"}
    told |= {name: getattr(options, name) for name in ("citizens", "days", "seed")}
    if options.time_use is not None:
        told["time_use"] = time_use(options.time_use, options)
    if options.checkins is not None:
        told["popularity"] = popularity(
            options.checkins,
            options.users,
            citizens=options.citizens,
            days=options.days,
            seed=options.seed,
        )
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
