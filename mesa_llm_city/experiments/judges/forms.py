"""Forms for people who judge: a table that a spreadsheet opens, out and in again."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.judges.item import CRITERIA, Choice
from mesa_llm_city.experiments.judges.item_set import ItemSet
from mesa_llm_city.experiments.judges.verdicts import (
    BEST,
    RATINGS,
    VERDICTS,
    WORST,
    Rating,
    Verdict,
    keep,
    read_ratings,
    read_verdicts,
    verdict_of,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["item_form", "pair_form", "read_form"]

_NAME = re.compile(r"\w[\w .-]{0,59}")
_CHOICES: Mapping[str, Choice] = {
    **dict.fromkeys(("1", "first"), "first"),
    **dict.fromkeys(("2", "second"), "second"),
    **dict.fromkeys(("0", "=", "tie"), "tie"),
}
_BETWEEN = " | "


def pair_form(folder: Path, judge: str, *, seed: int = 0) -> pd.DataFrame:
    """Return the pairs of a folder as a form, each in one order drawn for this judge.

    Parameters
    ----------
    folder : Path
        Folder of items.
    judge : str
        Name of the person; each has an order of their own.
    seed : int, default 0
        Seed of the orders.

    Returns
    -------
    pandas.DataFrame
        ``pair``; ``order``, 12 or 21; both persons and records; and empty columns to fill in,
        with 1, 2 or = (no difference): naturalness, coherence, plausibility, overall, reason.

    Raises
    ------
    ConfigError
        If the name is not usable.
    """
    import pandas as pd

    _check_name(judge)
    found = ItemSet.read(folder)
    items, rng = found.by_id, streams.rng(seed, 0, f"judge form {judge}", 0)
    rows: list[dict[str, Any]] = []
    for pair, draw in zip(found.pairs, rng.random(len(found.pairs)).tolist(), strict=True):
        order = "21" if draw < 0.5 else "12"
        shown = [items[pair.first], items[pair.second]]
        first, second = shown if order == "12" else shown[::-1]
        records = {
            "person_1": first.about,
            "record_1": _BETWEEN.join(first.lines),
            "person_2": second.about,
            "record_2": _BETWEEN.join(second.lines),
        }
        blank = dict.fromkeys((*CRITERIA, "reason"), "")
        rows.append({"pair": pair.id, "order": order, "kind": first.kind, **records, **blank})
    return pd.DataFrame(rows)


def item_form(folder: Path, judge: str) -> pd.DataFrame:
    """Return the items of a folder as a form to be rated from 1 to 5.

    Parameters
    ----------
    folder : Path
        Folder of items.
    judge : str
        Name of the person.

    Raises
    ------
    ConfigError
        If the name is not usable.
    """
    import pandas as pd

    _check_name(judge)
    rows = [
        {
            "item": one.id,
            "kind": one.kind,
            "person": one.about,
            "record": _BETWEEN.join(one.lines),
            "score": "",
            "reason": "",
        }
        for one in ItemSet.read(folder).items
    ]
    return pd.DataFrame(rows)


def read_form(folder: Path, file: Path, judge: str) -> int:
    """Take over what a person has filled in; return how many rows were.

    Rows without any answer are left out, so a form may be read when it is half done, and again
    later. What the person has said before of the same pairs or items is replaced.

    Parameters
    ----------
    folder : Path
        Folder of items.
    file : Path
        The form of `pair_form` or `item_form`, as CSV with commas or semicolons.
    judge : str
        Name of the person.

    Raises
    ------
    ConfigError
        If the name is not usable, or that of a judge who is no person.
    DataError
        If the file is no form, or answers cannot be used; all of them are listed.
    """
    _check_name(judge)
    found, rows = ItemSet.read(folder), _rows(file)
    names = set(rows[0]) if rows else set()
    said: list[Any]
    defects: list[str] = []
    if {"pair", "order", *CRITERIA} <= names:
        known = {one.id for one in found.pairs}
        said = [*_filled(rows, partial(_verdict, judge), known, "pair", defects)]
        _raise(file, defects)
        new = {(one.pair, one.swapped) for one in said}
        before = read_verdicts(folder)
        _check_person(judge, before)
        kept = [one for one in before if one.judge != judge or (one.pair, one.swapped) not in new]
        keep(folder / VERDICTS, [*kept, *said], Verdict)
    elif {"item", "score"} <= names:
        known = {one.id for one in found.items}
        said = [*_filled(rows, partial(_rating, judge), known, "item", defects)]
        _raise(file, defects)
        rated = {one.item for one in said}
        earlier = read_ratings(folder)
        _check_person(judge, earlier)
        others = [one for one in earlier if one.judge != judge or one.item not in rated]
        keep(folder / RATINGS, [*others, *said], Rating)
    else:
        message = f"{file} is no form: it has neither the columns of pairs nor those of items"
        raise DataError(message)
    return len(said)


_Row = Mapping[str, str]


def _filled(
    rows: list[dict[str, str]],
    read: Callable[[_Row], Verdict | Rating | None],
    known: set[str],
    name: str,
    defects: list[str],
) -> Iterator[Verdict | Rating]:
    """Yield what rows say; what is wrong with a row is added to the defects."""
    for number, row in enumerate(rows, start=2):
        if row[name] not in known:
            defects.append(f"row {number}: there is no {name} {row[name]!r}")
            continue
        try:
            one = read(row)
        except ValueError as error:
            defects.append(f"row {number}: {error}")
            continue
        if one is not None:
            yield one


def _verdict(judge: str, row: _Row) -> Verdict | None:
    given = {one: (row[one] or "").strip().lower() for one in CRITERIA}
    if not any(given.values()):
        return None
    if wrong := [name for name, one in given.items() if one not in _CHOICES]:
        message = f"{wrong[0]} must be 1, 2 or =, got {given[wrong[0]]!r}"
        raise ValueError(message)
    if row["order"] not in {"12", "21"}:
        message = f"order must be as it was, 12 or 21, got {row['order']!r}"
        raise ValueError(message)
    choices = [_CHOICES[one] for one in given.values()]
    reason, swapped = (row.get("reason") or "").strip(), row["order"] == "21"
    return verdict_of((judge, "person"), row["pair"], choices, reason, swapped=swapped)


def _rating(judge: str, row: _Row) -> Rating | None:
    given = (row["score"] or "").strip()
    if not given:
        return None
    if given not in map(str, range(WORST, BEST + 1)):
        message = f"score must be a whole number from {WORST} to {BEST}, got {given!r}"
        raise ValueError(message)
    return Rating(judge, "person", row["item"], int(given), (row.get("reason") or "").strip())


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        head = text.partition("\n")[0]
        between = ";" if head.count(";") > head.count(",") else ","
        rows = list(csv.DictReader(text.splitlines(), delimiter=between))
    except (OSError, ValueError, csv.Error) as error:
        message = f"{file} cannot be read ({error}); save it as CSV in UTF-8"
        raise DataError(message) from error
    return [{str(name): value or "" for name, value in row.items() if name} for row in rows]


def _raise(file: Path, defects: list[str]) -> None:
    if defects:
        raise DataError.listing(str(file), defects, advice="Mend these rows and read it again.")


def _check_name(judge: str) -> None:
    if not _NAME.fullmatch(judge):
        message = (
            "the name of a judge must be 1 to 60 letters, digits, blanks, dots or hyphens, and "
            f"begin with a letter or digit, got {judge!r}"
        )
        raise ConfigError(message)


def _check_person(judge: str, said: list[Any]) -> None:
    if any(one.judge == judge and one.judge_kind != "person" for one in said):
        message = f"{judge} has judged as a model or rule; choose another name"
        raise ConfigError(message)
