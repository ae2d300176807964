"""Where people by rule go: how often to new places, and how popular places become.

Prints one JSON object; nothing is fitted. The laws of return need no data: how many of the visits
20 to 39 of a person are to a place not visited before (check-ins: 0.21), and the exponent S of the
number of different places after t days, homes and workplaces counted (Song et al. 2010: 0.6).

With --checkins ranks of places are compared with a table of venues (columns vid, category, lat,
lon, n_users, core), inside a box that holds the city: by default that of Manhattan. Who stays at a
place or takes a train there counts as its visitor. The truth is the number of users, since numbers
of check-ins are decided by a few of them. Kinds of places are learnt from the venues outside the
box. With --users (columns user and vid, one row a check-in) half of the users are given as
attraction, and ranks compared with the other half. Baselines are what is given, without people.

Ranks are told twice: by visitors, and by expected visits, the sum over the run of the
probabilities with which people choose places, which leaves out the chance of single draws.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.core.values import ChoiceSet
from mesa_llm_city.mobility.exploration import PlaceHistory
from mesa_llm_city.mobility.place_choice import GravityChoice, PlaceOpinions
from mesa_llm_city.parameters import CityParameters

MANHATTAN = (40.70, 40.80, -74.02, -73.93)
"""South, north, west and east end of the box in degrees."""

RAIL = ("Subway", "Train Station", "Light Rail")
VISITED = frozenset({"meal", "shopping", "errand", "health", "leisure", "sport", "social"})
"""What people visit a place for; others are homes, offices and stations."""

Float: TypeAlias = NDArray[np.float64]


RETURN = {"ours": (), "without return": ("return",)}
"""What is left out of the people whose returns are counted."""


def laws_of_return(city: City, citizens: int, days: int, seed: int) -> dict[str, Any]:
    """Let people live in a city, and return how often they go to new places."""
    told = {}
    for name, without in RETURN.items():
        people = Population.synthesize(citizens, city=city, rng=seed)
        model = CityModel(city, people, rng=seed, without=without)
        model.run_days(days)
        told[name] = {
            "visits_a_day": round(len(model.visits()) / (citizens * days), 2),
            "new_share_of_visits_20_to_39": new_share(model.visits(), 20, 40),
            "exponent_of_places_from_day_3": growth(model.activities(), days),
        }
    return told


def new_share(visits: pd.DataFrame, first: int, last: int) -> float:
    """Return the share of visits `first` to `last` - 1 of each person that are to a new place."""
    ordered = visits.sort_values(["person", "start"], kind="stable")
    number = ordered.groupby("person").cumcount()
    is_new = ~ordered.duplicated(["person", "place"])
    return round(float(is_new[(number >= first) & (number < last)].mean()), 3)


def growth(activities: pd.DataFrame, days: int) -> float:
    """Return the exponent of the mean number of different places after 3 and more days."""
    stays = activities[activities["place"].notna()]
    since = stays["start"] - activities["start"].min().normalize()
    firsts = since.dt.days.groupby([stays["person"], stays["place"]]).min()
    after = np.cumsum(np.bincount(firsts.clip(lower=0), minlength=days)[:days])
    day = np.arange(1, days + 1)[2:]
    return round(float(np.polyfit(np.log(day), np.log(after[2:]), 1)[0]), 3)


def venues_of(file: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return the venues of the box, and the mean users of kinds of venues outside it."""
    venues = pd.read_csv(file).dropna(subset=["lat", "lon"])
    south, north, west, east = MANHATTAN
    box = venues["lat"].between(south, north) & venues["lon"].between(west, east)
    outside = venues[~box & (venues["core"] == 1)].groupby("category")["n_users"].mean()
    return venues[box].reset_index(drop=True), outside


def popularity(
    venues_file: Path, users_file: Path | None, *, citizens: int, days: int, seed: int
) -> dict[str, Any]:
    """Compare ranks of places by visitors with ranks by users."""
    venues, outside = venues_of(venues_file)
    venues["by_kind"] = venues["category"].map(outside).fillna(outside.mean())
    life = Life(venues, citizens, days, seed)
    told = {
        "by default": life.compared("n_users"),
        "without attraction": life.compared("n_users", without=("attraction",)),
        "kinds learnt outside the box": life.compared("n_users", kinds=outside, given="by_kind"),
    }
    if users_file is not None:
        for half, mask in halves(pd.read_csv(users_file), seed).items():
            venues[half] = venues["vid"].map(mask).fillna(0.0)
        told["half of the users as attraction"] = life.compared("other_half", given="half")
    return told


def halves(checkins: pd.DataFrame, seed: int) -> Mapping[str, pd.Series]:
    """Return how many of either half of the users have been to each venue."""
    users = np.sort(checkins["user"].unique())
    chosen = np.random.default_rng(seed).permutation(users)[: len(users) // 2]
    is_first = checkins["user"].isin(chosen)
    rows = {"half": checkins[is_first], "other_half": checkins[~is_first]}
    return {name: some.groupby("vid")["user"].nunique() for name, some in rows.items()}


class ExpectedVisits(GravityChoice):
    """Chooses as `GravityChoice`, and sums the probabilities of places up, shape (n,)."""

    __slots__ = ("expected",)

    def __init__(self, parameters: CityParameters, places: int) -> None:
        super().__init__(parameters)
        self.expected = np.zeros(places)

    def probabilities(
        self,
        places: ChoiceSet,
        beliefs: PlaceOpinions | None,
        history: PlaceHistory | None = None,
    ) -> Float:
        """Return the probability of each place, shape (k,), and add it up."""
        likely = super().probabilities(places, beliefs, history)
        self.expected[places.places] += likely
        return likely


class Life:
    """People who live among venues, with more or less known about these."""

    def __init__(self, venues: pd.DataFrame, citizens: int, days: int, seed: int) -> None:
        self.venues, self.citizens, self.days, self.seed = venues, citizens, days, seed

    def compared(
        self,
        truth: str,
        *,
        given: str | None = None,
        kinds: pd.Series | None = None,
        without: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Live some days, and compare ranks of visitors with those of a column of the venues.

        What is `given` is told as attraction, unless `kinds` has the weights of kinds.
        """
        city = self.city(None if kinds is not None else given, kinds)
        people = Population.synthesize(self.citizens, city=city, rng=self.seed)
        choice = ExpectedVisits(city.parameters, len(city.places))
        model = CityModel(
            city, people, rng=self.seed, without=without, components={"place_choice": choice}
        )
        model.run_days(self.days)
        places = city.to_geodataframe()
        told = self.venues.set_index(self.venues["vid"].astype(str)).reindex(places["source_id"])
        is_core = (told["core"] == 1).to_numpy()
        visited_for = places["purposes"].str.split().map(lambda some: bool(VISITED & set(some)))
        counted, expected = visitors(model), choice.expected + train_users(model)
        found: dict[str, Any] = {"trips_by_train": len(trains(model)), "trips": len(model.trips())}
        for name, rows in (("core places", is_core), ("visited", is_core & visited_for.to_numpy())):
            known = None if given is None else told[given].to_numpy(dtype=float)[rows]
            users = told[truth].to_numpy(dtype=float)[rows]
            found[name] = self.ranks(counted[rows], users, known)
            found[f"{name}, expected visits"] = self.ranks(expected[rows], users, known)
        return found

    def city(self, given: str | None, kinds: pd.Series | None) -> City:
        """Return the city of the venues."""
        told = {"id": self.venues["vid"]}
        if given is not None:
            told["attraction"] = self.venues[given] + 0.5
        table = self.venues[["lon", "lat", "category"]].assign(**told)
        stations = table[table["category"].isin(RAIL)].assign(name=lambda one: one["id"].map(str))
        with TemporaryDirectory() as folder:
            table.to_csv(Path(folder, "places.csv"), index=False)
            stations[["lon", "lat", "name"]].to_csv(Path(folder, "stations.csv"), index=False)
            return City.from_files(
                places=Path(folder, "places.csv"),
                stations=Path(folder, "stations.csv"),
                categories=None if kinds is None else with_visitors(kinds),
                unknown="drop",
                bad_rows="drop",
            )

    def ranks(self, ours: Float, truth: Float, given: Float | None) -> dict[str, Any]:
        """Return Spearman's correlation, with an interval, by chance and of what was given."""
        rng = np.random.default_rng(self.seed)
        draws = [rng.integers(0, len(ours), len(ours)) for _ in range(500)]
        spread = [float(spearmanr(ours[rows], truth[rows]).statistic) for rows in draws]
        chance = [abs(float(spearmanr(rng.permutation(ours), truth).statistic)) for _ in range(200)]
        told = {
            "n": len(ours),
            "spearman": round(float(spearmanr(ours, truth).statistic), 3),
            "interval_95": np.quantile(spread, [0.025, 0.975]).round(3).tolist(),
            "by_chance_95": round(float(np.quantile(chance, 0.95)), 3),
            "gini": gini(ours),
            "gini_of_users": gini(truth),
        }
        if given is not None:
            told["baseline_as_given"] = round(float(spearmanr(given, truth).statistic), 3)
        return told


def with_visitors(kinds: pd.Series) -> Categories:
    """Return the table of kinds with other numbers of visitors, the mean for kinds not told."""
    rows = Categories.default().rows
    told = {str(kind): float(mean) for kind, mean in kinds.items()}
    exact = [(kind, row) for kind in told if (row := Categories.default().find(kind)) is not None]
    first = tuple(replace(row, key=kind, visitors=told[kind]) for kind, row in exact)
    named = {row.key.casefold() for row in first}
    mean = float(kinds.mean())
    rest = (replace(row, visitors=mean) for row in rows if row.key.casefold() not in named)
    return Categories(rows=(*first, *rest))


def trains(model: CityModel) -> pd.DataFrame:
    """Return the trips by train."""
    trips = model.trips()
    by_train: pd.DataFrame = trips[trips["mode"].astype(str) == "train"]
    return by_train


def visitors(model: CityModel) -> Float:
    """Return how many different people have been to each place, to stay or to take a train."""
    stays = model.visits()[["person", "place"]]
    return counts(pd.concat([stays, ends_of_trains(model)]), model)


def train_users(model: CityModel) -> Float:
    """Return how many different people took a train at each place."""
    return counts(ends_of_trains(model), model)


def ends_of_trains(model: CityModel) -> pd.DataFrame:
    """Return who took a train, from or to which place."""
    city = model.city
    kinds = np.array(city.places.category_names, dtype=object)[city.places.category]
    stations = np.flatnonzero(np.isin(kinds, RAIL))
    nearest, _ = city.stations.nearest(city.places.x, city.places.y)
    place_of = dict(zip(nearest[stations].tolist(), stations.tolist(), strict=True))
    ends = trains(model).melt("person", ["origin", "destination"], value_name="place")
    ends["place"] = [place_of.get(one, -1) for one in nearest[ends["place"].to_numpy()].tolist()]
    return ends.loc[ends["place"] >= 0, ["person", "place"]]


def counts(been: pd.DataFrame, model: CityModel) -> Float:
    """Return the number of different people by place, shape (n,)."""
    counted = been.drop_duplicates()["place"].to_numpy(dtype=np.int64)
    return np.bincount(counted, minlength=len(model.city.places)).astype(np.float64)


def gini(counts: Float) -> float:
    """Return the Gini coefficient, from 0 (all alike) to 1."""
    ordered, n = np.sort(counts), len(counts)
    weight = 2.0 * np.arange(1, n + 1) - n - 1.0
    return round(float(np.sum(weight * ordered) / (n * np.sum(ordered))), 3)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--citizens", type=int, default=200, help="for the laws of return")
    parser.add_argument("--days", type=int, default=40, help="for the laws of return")
    parser.add_argument("--checkins", type=Path, help="table of venues with numbers of users")
    parser.add_argument("--users", type=Path, help="table of check-ins by user and venue")
    parser.add_argument("--box-citizens", type=int, default=2000, help="for the popularity")
    parser.add_argument("--box-days", type=int, default=7, help="for the popularity")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    told: dict[str, Any] = {"benchmark": "visits", "mind": "rule"}
    told |= {name: one for name, one in vars(options).items() if isinstance(one, int)}
    size = (options.citizens, options.days, options.seed)
    told["return"] = {"town": laws_of_return(City.synthetic(rng=options.seed), *size)}
    if options.checkins is not None:
        map_of_venues = Life(venues_of(options.checkins)[0], *size).city(None, None)
        told["return"]["New York"] = laws_of_return(map_of_venues, *size)
        told["popularity"] = popularity(
            options.checkins,
            options.users,
            citizens=options.box_citizens,
            days=options.box_days,
            seed=options.seed,
        )
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
