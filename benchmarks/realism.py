"""How far days by rule are from surveys: shares of time by age, and how often places are visited.

Prints one JSON object; nothing is fitted. With --time-use the table of a time-use survey is
compared (columns sex, age, employment, activity, mean_minutes_per_day, as in tabulations of the
American Time Use Survey); half of the days are weekend days, as in its diaries. Its baseline is
the survey's own mean over all ages, told for every age group. With --checkins visits are compared
with numbers of check-ins (columns category, lat, lon, n_checkins, core); its baselines are the
same people without beliefs, and places in an order of chance.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import spearmanr

from mesa_llm_city import City, CityModel, Population

DAY_MIN = 1440.0
WEEK = 7
GROUPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sleep and care": (("sleep", "care"), ("personal_care",)),
    "work": (("work",), ("work",)),
    "education": (("school",), ("education",)),
    "housework": (
        ("housework", "care_of_others"),
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
VISITED = frozenset({"meal", "shopping", "errand", "health", "leisure", "sport", "social"})
"""What people visit a place for; check-ins at homes, offices and stations are no visits."""


def simulated(model: CityModel) -> pd.DataFrame:
    """Return minutes a day by person and group, weekdays and weekends half and half."""
    activities = by_day(model.activities())
    weekend = activities["start"].dt.day_of_week >= 5
    # A week has five weekdays and two days of weekend; the diaries have as many of either.
    activities["minutes"] *= np.where(weekend, 0.5 / 2.0, 0.5 / 5.0)
    own = {purpose: group for group, (ours, _) in GROUPS.items() for purpose in ours}
    activities["group"] = activities["purpose"].astype(str).map(own)
    table = activities.pivot_table(
        index="person", columns="group", values="minutes", aggfunc="sum", fill_value=0.0
    )
    return table.reindex(columns=list(GROUPS), fill_value=0.0)


def by_day(activities: pd.DataFrame) -> pd.DataFrame:
    """Return activities cut at midnight, so that each night counts for both of its days."""
    midnight = activities["end"].dt.normalize()
    passes = (activities["start"] < midnight) & (activities["end"] > midnight)
    after = activities[passes].assign(start=midnight[passes])
    before = activities.assign(end=activities["end"].where(~passes, midnight))
    cut = pd.concat([before, after], ignore_index=True)
    return cut.assign(minutes=(cut["end"] - cut["start"]).dt.total_seconds() / 60.0)


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
    people = Population.synthesize(
        options.citizens, city=city, rng=options.seed, culture=options.culture or None
    )
    model = CityModel(city, people, rng=options.seed)
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


def popularity(file: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Compare ranks of places by visits with ranks by check-ins."""
    venues = pd.read_csv(file).dropna(subset=["lat", "lon"])
    box = venues["lat"].between(40.70, 40.80) & venues["lon"].between(-74.02, -73.93)
    venues = venues[box].reset_index(drop=True)
    with TemporaryDirectory() as folder:
        places = Path(folder, "places.csv")
        table = venues.assign(id=venues["vid"])[["id", "lon", "lat", "category"]]
        table.to_csv(places, index=False)
        city = City.from_files(places=places, unknown="drop", bad_rows="drop")
    told: dict[str, Any] = {"places": len(city.places), "venues": len(venues)}
    for name, without in (("ours", ()), ("without beliefs", ("beliefs",))):
        people = Population.synthesize(options.citizens, city=city, rng=options.seed)
        model = CityModel(city, people, rng=options.seed, without=without)
        model.run_days(options.days)
        told[name] = rank_correlation(model, venues, options.seed)
    return told


def rank_correlation(model: CityModel, venues: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Return Spearman's correlation of visits and check-ins, with an interval, and by chance."""
    places = model.city.to_geodataframe()
    visits = model.visits()["place"].value_counts()
    told = venues.set_index(venues["vid"].astype(str))
    visited_for = places["purposes"].str.split().map(lambda some: bool(VISITED & set(some)))
    known = places[places["source_id"].isin(told.index) & visited_for]
    truth = told.loc[known["source_id"], "n_checkins"].to_numpy(dtype=float)
    core = told.loc[known["source_id"], "core"].to_numpy() == 1
    ours = visits.reindex(known.index, fill_value=0).to_numpy(dtype=float)
    ours, truth = ours[core], truth[core]
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(ours), len(ours)) for _ in range(500)]
    spread = [float(spearmanr(ours[rows], truth[rows]).statistic) for rows in draws]
    chance = [abs(float(spearmanr(rng.permutation(ours), truth).statistic)) for _ in range(200)]
    return {
        "n": len(ours),
        "visited": int((ours > 0).sum()),
        "spearman": round(float(spearmanr(ours, truth).statistic), 3),
        "interval_95": np.quantile(spread, [0.025, 0.975]).round(3).tolist(),
        "by_chance_95": round(float(np.quantile(chance, 0.95)), 3),
    }


def main() -> None:
    """Compare what there is data for, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--time-use", type=Path, help="table of a time-use survey")
    parser.add_argument("--checkins", type=Path, help="table of venues with check-ins")
    parser.add_argument("--culture", default="us", help="us, a file, or empty for the defaults")
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7, help="for the visits")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    told: dict[str, Any] = {"benchmark": "realism", "mind": "rule"}
    told |= {name: getattr(options, name) for name in ("citizens", "days", "seed", "culture")}
    if options.time_use is not None:
        told["time_use"] = time_use(options.time_use, options)
    if options.checkins is not None:
        told["popularity"] = popularity(options.checkins, options)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
