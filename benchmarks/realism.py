"""How like people the people of a run by rules are: all measures of `validate`, with baselines.

Prints one JSON object; nothing is fitted. One run lives in the made-up town and is compared with a
time-use survey, departures and mode shares; another lives on a map of New York and is compared
with the users of its venues. Without data only measures that need none are taken.

--data names a folder with the files below, or each is named alone:

--time-use    timeuse/atus2016_means.csv: sex, age, employment, activity, mean_minutes_per_day,
              share_doing, n (American Time Use Survey 2016; half of its days are weekend days)
--departures  trips/dc_bikeshare_profile.csv: workingday, hr, share_of_day
--modes       trips/travel_survey_figures.csv: country, year, measure, category, value
--checkins    checkins/nyc_venues.csv: vid, category, lat, lon, n_users, core

Activities are cut at midnight, so that a day of the week has 24 hours.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from mesa_llm_city import City, CityModel, CityParameters, Population
from mesa_llm_city.experiments import validate
from mesa_llm_city.experiments.options.files import read_parameters
from mesa_llm_city.experiments.validation import Measure, Validation
from mesa_llm_city.population import culture_of

FILES = {
    "time_use": "timeuse/atus2016_means.csv",
    "departures": "trips/dc_bikeshare_profile.csv",
    "modes": "trips/travel_survey_figures.csv",
    "checkins": "checkins/nyc_venues.csv",
}
"""Where the files are below --data."""

BOX = {"lat": (40.70, 40.80), "lon": (-74.02, -73.93)}
"""Part of New York that the second run lives in."""

LONG = ("details",)


def time_use_table(file: Path) -> pd.DataFrame:
    """Return the survey's means as a table that `validate` reads."""
    rows = pd.read_csv(file).drop(columns="day")
    return rows[rows["employment"] == "all"].assign(day_type="all", weekend_share=0.5)


def departures_table(file: Path) -> pd.DataFrame:
    """Return the hourly riders as a table that `validate` reads."""
    rows = pd.read_csv(file)
    kinds = rows["workingday"].map({1: "weekday", 0: "weekend"})
    return pd.DataFrame({"day_type": kinds, "hour": rows["hr"], "share": rows["share_of_day"]})


def modes_table(file: Path) -> pd.DataFrame:
    """Return the mode shares of England as a table that `validate` reads."""
    rows = pd.read_csv(file).query("country == 'England' and measure == 'mode share of trips'")
    names = {"car (driver or passenger)": "car", "all other modes": "other"}
    return pd.DataFrame({"mode": rows["category"].replace(names), "percent": rows["value"]})


def venues(file: Path) -> pd.DataFrame:
    """Return the venues that have a position."""
    return pd.read_csv(file).dropna(subset=["lat", "lon"]).rename(columns={"vid": "id"})


def in_box(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the venues of the part of New York."""
    inside = [rows[axis].between(*ends) for axis, ends in BOX.items()]
    return rows[inside[0] & inside[1]]


def town(files: Mapping[str, Path], options: argparse.Namespace) -> Validation:
    """Let people live in the made-up town, and measure them."""
    city = City.synthetic(parameters=usual(options), places=options.places)
    people = synthesized(city, options)
    model = CityModel(city, people, rng=options.seed, parameters=options.parameters)
    model.run_days(options.days)
    tables = {"time_use": time_use_table, "departures": departures_table, "modes": modes_table}
    told = {name: read(files[name]) for name, read in tables.items() if name in files}
    return measured(model, told)


def new_york(file: Path, options: argparse.Namespace, without: tuple[str, ...]) -> Validation:
    """Let people live on the map of New York, and compare visits with users of venues."""
    rows = venues(file)
    with TemporaryDirectory() as folder:
        places = Path(folder, "places.csv")
        in_box(rows)[["id", "lon", "lat", "category"]].to_csv(places, index=False)
        city = City.from_files(
            places=places, unknown="drop", bad_rows="drop", parameters=options.parameters
        )
    people = synthesized(city, options)
    model = CityModel(
        city, people, rng=options.seed, parameters=options.parameters, without=without
    )
    model.run_days(options.days)
    core = rows[rows["core"] == 1]
    counts = in_box(core)[["lon", "lat", "n_users"]]
    told = {"popularity": core[["id", "lon", "lat", "category", "n_users"]], "counts": counts}
    return measured(model, told)


def usual(options: argparse.Namespace) -> CityParameters:
    """Return the parameters with what is usual in the culture, such as the size of towns."""
    parameters: CityParameters = options.parameters
    if not options.culture:
        return parameters
    return culture_of(options.culture).applied(parameters)


def synthesized(city: City, options: argparse.Namespace) -> Population:
    """Return people of the culture that is asked for."""
    return Population.synthesize(
        options.citizens,
        city=city,
        rng=options.seed,
        parameters=options.parameters,
        culture=options.culture or None,
    )


def measured(model: CityModel, tables: Mapping[str, pd.DataFrame]) -> Validation:
    """Validate a model against tables."""
    if not tables:
        return validate(model)
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            table.to_csv(Path(folder, f"{name}.csv"), index=False)
        return validate(model, folder)


def told(found: Validation) -> dict[str, Any]:
    """Return the measures of a run, without the curves behind them."""
    whole = found.to_dict()
    families = [
        {name: one for name, one in family.items() if name not in LONG}
        for family in whole["families"]
    ]
    return {**whole, "families": families}


def of_time_use(found: Validation) -> dict[str, Any]:
    """Return the differences by age group, and the minutes behind them."""
    error, distance = (
        found[f"by age: {name}"] for name in ("difference of shares", "Jensen-Shannon distance")
    )
    family = next(one for one in found.families if one.name == "time use")
    groups = family.details["groups"]
    rows = {
        one["who"]: {
            name: dict(zip(groups, np.round(one[minutes]).astype(int).tolist(), strict=True))
            for name, minutes in (("ours", "run_min"), ("survey", "survey_min"))
        }
        for one in family.details["cells"]
        if not one["who"].startswith(("male", "female"))
    }
    return {
        "mean_absolute_error_pp": round(error.value, 3),
        "interval_95": np.round(error.interval, 3).tolist(),
        "baseline_error_pp": round(first(error), 3),
        "jensen_shannon": round(distance.value, 3),
        "baseline_jensen_shannon": round(first(distance), 3),
        "by_age": rows,
    }


def of_popularity(found: Validation) -> dict[str, Any]:
    """Return the rank correlations of visits and users."""
    ranks = found["all places: rank correlation of visits and users"]
    return {
        "n": ranks.n,
        "spearman": round(ranks.value, 3),
        "interval_95": np.round(ranks.interval, 3).tolist(),
        "naive": {name: round(one, 3) for name, one in ranks.naive.items()},
    }


def first(measure: Measure) -> float:
    """Return the main naive prediction."""
    return next(iter(measure.naive.values()))


def spread_of_survey(file: Path) -> dict[str, float]:
    """Return standard deviations between the days of the survey, in minutes."""
    rows = pd.read_csv(file)
    chores = rows["household_chores"] + rows["care_household"] + rows["care_nonhousehold"]
    columns = {"sleep": rows["sleep"], "housework with care": chores, "eating": rows["eating"]}
    return {name: round(float(one.std()), 1) for name, one in columns.items()}


def other_curve(file: Path, truth: pd.DataFrame) -> dict[str, float]:
    """Return how well check-ins in New York tell the departures, by kind of day."""
    rows = pd.read_csv(file).set_index("hour")
    wanted = truth.pivot_table(index="hour", columns="day_type", values="share")
    return {
        str(day): round(float(rows[f"{day}_share"].corr(wanted[day])), 3) for day in wanted.columns
    }


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of the files")
    for name, file in FILES.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=Path, help=f"such as {file}")
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7, help="14 or more to see drift")
    parser.add_argument("--culture", default="us", help="us, a file, or empty for the defaults")
    parser.add_argument("--places", type=int, default=3000, help="places of the made-up town")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--config", type=Path, help="TOML file with parameters")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    read = CityParameters() if options.config is None else read_parameters(options.config)
    options.parameters = read.with_(dict(pair.split("=", 1) for pair in options.set))
    return options


def named(options: argparse.Namespace) -> dict[str, Path]:
    """Return the files that there are."""
    below = {
        name: options.data / file
        for name, file in FILES.items()
        if options.data is not None and (options.data / file).is_file()
    }
    return below | {name: file for name in FILES if (file := getattr(options, name)) is not None}


def extras(files: Mapping[str, Path]) -> dict[str, Any]:
    """Return what files beside the named ones tell about people."""
    found: dict[str, Any] = {}
    if "time_use" in files:
        respondents = files["time_use"].with_name("atus2016_respondents.csv.gz")
        if respondents.is_file():
            found["survey_sd_between_person_days_min"] = spread_of_survey(respondents)
    if "checkins" in files and "departures" in files:
        hourly = files["checkins"].with_name("nyc_hourly.csv")
        if hourly.is_file():
            truth = departures_table(files["departures"])
            found["departures_told_by_check_ins_r"] = other_curve(hourly, truth)
    return found


def main() -> None:
    """Measure what there is data for, and print."""
    options = arguments()
    files = named(options)
    report: dict[str, Any] = {"benchmark": "realism", "mind": "rule"}
    report |= {
        name: getattr(options, name) for name in ("citizens", "days", "seed", "culture", "places")
    }
    report["parameters"] = options.parameters.changed()
    lived = town(files, options)
    if "time_use" in files:
        report["time_use"] = of_time_use(lived)
    if "checkins" in files:
        visited = new_york(files["checkins"], options, ())
        alone = new_york(files["checkins"], options, ("beliefs",))
        report["popularity"] = {
            "ours": of_popularity(visited),
            "without beliefs": of_popularity(alone),
        }
        report["new_york"] = told(visited)
    report["town"] = told(lived)
    print(json.dumps(report | extras(files), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
