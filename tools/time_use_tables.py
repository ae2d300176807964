"""Make the built-in tables of time use, `neutral.csv` and `us.csv`.

``python tools/time_use_tables.py neutral`` reads `neutral_time_use.toml`.
``python tools/time_use_tables.py us WEIGHTED.csv CHILDREN.csv`` reads weighted tabulations of the
diaries of the American Time Use Survey 2003 to 2015 (US Bureau of Labor Statistics, public domain;
181,335 diaries of 2003 to 2016 are in the CRAN package ``atus``): columns sex, age, employment
(FT, PT, NE), day (wd, sat, sun with holidays), activity, mean_min, share_doing, sd_min (between
person-days), n; the second file also has youngest_child (k0-5, k6-17, none) and fewer age groups.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    DIMENSIONS,
    EMPLOYMENT,
    SEXES,
    YOUNGEST_CHILD,
)

FOLDER = Path(__file__).parents[1] / "mesa_llm_city" / "population" / "time_use"
NEUTRAL = Path(__file__).with_name("neutral_time_use.toml")
CHILD_AGES = ("0-5", "6-14")
AGES = ("15-19", "20-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
VALUES = ["share_doing", "doers_min", "doers_sd_min"]
CELL = list(DIMENSIONS)

SURVEY: Mapping[str, tuple[str, ...]] = {
    "sleep": ("sleep",),
    "grooming": ("groom", "health_other_pc"),
    "housework": ("housework", "cooking", "household_other"),
    "care_of_household": ("care_hh",),
    "care_of_others": ("care_nonhh",),
    "work": ("work",),
    "education": ("education",),
    "shopping": ("shopping",),
    "services": ("services",),
    "eating": ("eating",),
    "leisure": ("leisure", "phone_mail"),
    "sport": ("sport",),
    "civic": ("religion_vol",),
    "travel": ("travel",),
}
"""Our groups, and the activities of the survey in each."""
CODES: Mapping[str, Mapping[str, str]] = {
    "employment": {"FT": "full", "PT": "part", "NE": "none"},
    "youngest_child": {"k0-5": "0-5", "k6-17": "6-17"},
    "day": {"wd": "weekday", "sat": "saturday", "sun": "sunday"},
}
COARSE_AGES = {"15-19": "15-24", "20-24": "15-24", "65-74": "65+", "75+": "65+"}

# How far the share doing any of several activities lies between the greatest share (0) and that
# of independent activities (1), and the correlation of their minutes. For housework the diaries
# give 66 to 95 % by sex, employment and children, on weekdays of those aged 25 to 54, and a
# standard deviation of 136 minutes.
APART, TOGETHER = 0.75, 0.15
# As many diaries as the mean over the ages counts in a cell with few diaries.
PRIOR = 40.0


def main() -> None:
    """Write the table that is asked for."""
    name, *files = sys.argv[1:] or [""]
    if name == "neutral" and not files:
        write("neutral", neutral(), header(NEUTRAL))
    elif name == "us" and len(files) == 2:
        children = neutral().query("age in @CHILD_AGES")
        write("us", pd.concat([children, united_states(*map(Path, files))]), US)
    else:
        sys.exit(__doc__)


US = """Time use in the United States, made by tools/time_use_tables.py from weighted means of
the American Time Use Survey 2003-2015 (US Bureau of Labor Statistics, public domain). Means of
cells with few diaries are drawn towards those over all ages. Ages below 15, which the survey
does not ask, are those of neutral.csv.""".splitlines()


def header(file: Path) -> list[str]:
    """Return the comment at the head of a TOML file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("#").strip() for line in lines[: lines.index("")]]


def neutral() -> pd.DataFrame:
    """Return the neutral table, one row for each cell, by effects that add up."""
    spec = tomllib.loads(NEUTRAL.read_text(encoding="utf-8"))
    index = pd.MultiIndex.from_product(
        [SEXES, (*CHILD_AGES, *AGES), EMPLOYMENT, YOUNGEST_CHILD, DAY_TYPES, ACTIVITIES],
        names=CELL,
    )
    table = index.to_frame(index=False)
    for name in ACTIVITIES:
        rows = table["activity"] == name
        base, some = spec[name], table[rows]
        odds = logit(min(base["share"], 1 - 1e-6)) + effects(some, base.get("share_by", {}), 0.0)
        share = expit(odds) if base["share"] < 1 else np.ones(len(some))
        table.loc[rows, "share_doing"] = share.round(3)
        factor = np.exp(effects(some, base.get("minutes_by", {}), 1.0))
        if base["minutes"] != "rest":
            minutes = (factor * base["minutes"]).round()
            table.loc[rows, "doers_min"] = minutes
            table.loc[rows, "doers_sd_min"] = (minutes * base["spread"]).round()
    return with_rest(table, spec["leisure"]["spread"])


def effects(table: pd.DataFrame, by: Mapping[str, Any], usual: float) -> np.ndarray:
    """Return the sum of effects over dimensions; factors count by their logarithm."""
    total = np.zeros(len(table))
    for dimension, changes in by.items():
        told = table[dimension].astype(str).map(changes).fillna(usual).to_numpy(dtype=float)
        total += np.log(told) if usual else told
    return total


def with_rest(table: pd.DataFrame, spread: float) -> pd.DataFrame:
    """Return the table with leisure as what is left of the day."""
    mean = (table["share_doing"] * table["doers_min"]).groupby([table[one] for one in CELL[:-1]])
    left = 1440.0 - mean.transform("sum")
    rows = table["activity"] == "leisure"
    table.loc[rows, "doers_min"] = (left / table["share_doing"])[rows].round().clip(lower=30)
    table.loc[rows, "doers_sd_min"] = (table.loc[rows, "doers_min"] * spread).round()
    return table


def united_states(weighted: Path, children: Path) -> pd.DataFrame:
    """Return the table of the United States from the age of 15 on."""
    by_age, by_child = moments(read(weighted)), moments(read(children))
    by_child = steadied(by_child)
    people = [one for one in CELL if one not in {"age", "youngest_child"}]
    coarse = by_age.assign(fine=by_age["age"], age=by_age["age"].replace(COARSE_AGES))
    wide = pooled(by_child, [*people, "age"])
    table = coarse.merge(by_child, on=[*people, "age"], suffixes=("", "_child"))
    table = table.merge(wide, on=[*people, "age"], suffixes=("", "_wide"))
    # The age says how much, children change it as they do in the coarser group of ages.
    odds = {
        end: logit(table[f"share{end}"].clip(1e-4, 1 - 1e-4)) for end in ("", "_child", "_wide")
    }
    table["share_doing"] = expit(odds[""] + odds["_child"] - odds["_wide"])
    for name, value in (("mean", "doers_min"), ("sd", "doers_sd_min")):
        table[value] = table[name] * table[f"{name}_child"] / table[f"{name}_wide"]
    # Before 25 most children of a household are brothers and sisters, so those without children
    # of their own are all people of that age.
    young = table["fine"].isin(["15-19", "20-24"]) & (table["youngest_child"] == "none")
    table.loc[young | (table["fine"] == "15-19"), VALUES] = table.loc[
        young | (table["fine"] == "15-19"), ["share", "mean", "sd"]
    ].to_numpy()
    table["age"] = table["fine"]
    return closed(table[[*CELL, *VALUES]])


def read(file: Path) -> pd.DataFrame:
    """Return a tabulation with our names of employment, children and days."""
    table = pd.read_csv(file, keep_default_na=False)
    for column, codes in CODES.items():
        if column in table:
            table[column] = table[column].replace(codes)
    return table


def moments(table: pd.DataFrame) -> pd.DataFrame:
    """Return share doing, and mean and spread of the doers, by our activities."""
    keys = [one for one in CELL[:-1] if one in table]
    parts = []
    for name, theirs in SURVEY.items():
        some = table[table["activity"].isin(theirs)]
        grouped = some.groupby(keys)
        highest = grouped["share_doing"].max()
        apart = 1.0 - (1.0 - some["share_doing"]).groupby([some[one] for one in keys]).prod()
        square = (some["sd_min"] ** 2).groupby([some[one] for one in keys]).sum()
        across = grouped["sd_min"].sum() ** 2 - square
        part = pd.DataFrame(
            {
                "share": (highest + APART * (apart - highest)).clip(1e-4, 1.0),
                "total": grouped["mean_min"].sum(),
                "variance": square + TOGETHER * across,
                "n": grouped["n"].max(),
            }
        )
        parts.append(part.assign(activity=name).reset_index())
    return of_doers(pd.concat(parts, ignore_index=True))


def of_doers(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean and spread on days with the activity, from those over all days."""
    mean = (table["total"] / table["share"]).clip(lower=5.0)
    square = (table["variance"] + table["total"] ** 2) / table["share"]
    spread = np.sqrt((square - mean**2).clip(lower=(0.2 * mean) ** 2))
    return table.assign(mean=mean, sd=np.minimum(spread, 2.0 * mean))


def pooled(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return means over other columns, weighted by diaries."""
    values = ["share", "mean", "sd"]
    weighed = table.assign(**{one: table[one] * table["n"] for one in values})
    sums = weighed.groupby(keys)[[*values, "n"]].sum()
    return sums[values].div(sums["n"], axis=0).reset_index()


def steadied(table: pd.DataFrame) -> pd.DataFrame:
    """Return all cells by children, those with few diaries drawn towards the mean over ages.

    What stands for a cell is its group of ages without regard to children, changed as children
    change it over all ages.
    """
    keys = [one for one in CELL if one not in {"age", "youngest_child"}]
    full = pd.MultiIndex.from_product([table[one].unique() for one in CELL], names=CELL).to_frame(
        index=False
    )
    table = full.merge(table, how="left", on=CELL).fillna({"n": 0.0})
    known = table.dropna()
    merged = (
        table.merge(pooled(known, [*keys, "age"]), on=[*keys, "age"], suffixes=("", "_age"))
        .merge(
            pooled(known, [*keys, "youngest_child"]),
            on=[*keys, "youngest_child"],
            suffixes=("", "_kids"),
        )
        .merge(pooled(known, keys), on=keys, suffixes=("", "_all"))
    )
    weight = merged["n"] / (merged["n"] + PRIOR)
    for name in ("share", "mean", "sd"):
        usual = merged[f"{name}_age"] * merged[f"{name}_kids"] / merged[f"{name}_all"]
        merged[name] = weight * merged[name].fillna(0.0) + (1.0 - weight) * usual
    merged["share"] = merged["share"].clip(1e-4, 1.0)
    return merged[[*CELL, "share", "mean", "sd"]].assign(n=merged["n"].clip(lower=1.0))


def closed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with 1440 minutes in each cell, rounded."""
    mean = (table["share_doing"] * table["doers_min"]).groupby([table[one] for one in CELL[:-1]])
    scale = 1440.0 / mean.transform("sum")
    return table.assign(
        share_doing=table["share_doing"].round(3),
        doers_min=(table["doers_min"] * scale).round(),
        doers_sd_min=(table["doers_sd_min"] * scale).round(),
    )


def write(name: str, table: pd.DataFrame, comment: list[str]) -> None:
    """Write a table; a dimension that changes nothing in an age group is told by no row."""
    order = {dimension: list(dict.fromkeys(table[dimension])) for dimension in CELL}
    rows = [part for _, part in table.groupby(["age", "activity"], sort=False)]
    short = pd.concat([shortened(part.copy()) for part in rows])
    for dimension in CELL:
        short[dimension] = pd.Categorical(short[dimension], [*order[dimension], "all"])
    short = short.sort_values(["age", "sex", "employment", "youngest_child", "day", "activity"])
    path = FOLDER / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {line}\n" for line in comment)
        short.to_csv(file, index=False, float_format="%g", lineterminator="\n")
    print(f"{path}: {len(short)} rows")


def shortened(part: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an age group and activity without what makes no difference."""
    for dimension in ("sex", "employment", "youngest_child", "day"):
        others = [one for one in CELL if one != dimension]
        spread = part.groupby(others)[VALUES].nunique()
        if len(part) and int(spread.to_numpy().max()) == 1:
            part = part.drop_duplicates(others).assign(**{dimension: "all"})
    return part


if __name__ == "__main__":
    main()
