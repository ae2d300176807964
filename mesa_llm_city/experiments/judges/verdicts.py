"""What judges said: comparisons and ratings, kept in two CSV files of a folder of items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.judges.item import CRITERIA, Choice

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RATINGS",
    "VERDICTS",
    "JudgeKind",
    "Rating",
    "Verdict",
    "keep",
    "read_ratings",
    "read_verdicts",
    "swapped_choice",
    "verdict_of",
]

VERDICTS, RATINGS = "verdicts.csv", "ratings.csv"
"""Names of the files of comparisons and of ratings."""

JudgeKind: TypeAlias = Literal["model", "person", "script", "rule"]
"""Who judges; only the first two are real judges."""

BEST, WORST = 5, 1
_CHOICES: tuple[Choice, ...] = get_args(Choice)
_SWAPPED: dict[Choice, Choice] = {"first": "second", "second": "first", "tie": "tie"}
_KINDS: tuple[JudgeKind, ...] = get_args(JudgeKind)


class Verdict(NamedTuple):
    """A comparison of two items by a judge.

    Attributes
    ----------
    judge : str
        Name of the judge.
    judge_kind : {"model", "person", "script", "rule"}
        What the judge is.
    pair : str
        Name of the pair.
    swapped : bool
        Whether the second item of the pair was shown first.
    naturalness, coherence, plausibility, overall : {"first", "second", "tie"}
        Which of the two, in the order of the *pair*, is more human-like.
    reason : str
        Why, in a sentence.
    """

    judge: str
    judge_kind: JudgeKind
    pair: str
    swapped: bool
    naturalness: Choice
    coherence: Choice
    plausibility: Choice
    overall: Choice
    reason: str = ""


class Rating(NamedTuple):
    """A rating of an item by a judge.

    Attributes
    ----------
    judge, judge_kind
        As for `Verdict`.
    item : str
        Name of the item.
    score : int
        From 1 (surely not of a person) to 5 (surely of a person).
    reason : str
        Why, in a sentence.
    """

    judge: str
    judge_kind: JudgeKind
    item: str
    score: int
    reason: str = ""


def verdict_of(
    by: tuple[str, JudgeKind],
    pair: str,
    choices: Sequence[Choice],
    reason: str,
    *,
    swapped: bool,
) -> Verdict:
    """Return a verdict whose choices are given in the order in which the items were shown.

    Examples
    --------
    >>> verdict_of(("Anna", "person"), "pair-1", ["first"] * 4, "", swapped=True).overall
    'second'
    """
    naturalness, coherence, plausibility, overall = (
        swapped_choice(one) if swapped else one for one in choices
    )
    return Verdict(*by, pair, swapped, naturalness, coherence, plausibility, overall, reason)


def swapped_choice(choice: Choice) -> Choice:
    """Return a choice in the other order of the two items.

    Examples
    --------
    >>> swapped_choice("first"), swapped_choice("tie")
    ('second', 'tie')
    """
    return _SWAPPED[choice]


_Said = TypeVar("_Said", Verdict, Rating)


def keep(file: Path, said: Sequence[_Said], kind: type[_Said]) -> None:
    """Write what judges said, in place of what the file held; it appears whole or not at all."""
    import pandas as pd

    from mesa_llm_city.experiments.csv_text import csv_text

    frame = pd.DataFrame([*said], columns=list(kind._fields))
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(csv_text(frame), encoding="utf-8")
    partial.replace(file)


def read_verdicts(folder: Path) -> list[Verdict]:
    """Return the comparisons of a folder of items, in the order in which they were made.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return [
        Verdict(
            judge=str(one["judge"]),
            judge_kind=_one_of(_KINDS, one["judge_kind"]),
            pair=str(one["pair"]),
            swapped=one["swapped"] == "True",
            reason=str(one["reason"]),
            **{name: _one_of(_CHOICES, one[name]) for name in CRITERIA},
        )
        for one in _rows(folder / VERDICTS, Verdict._fields)
    ]


def read_ratings(folder: Path) -> list[Rating]:
    """Return the ratings of a folder of items, in the order in which they were made.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return [
        Rating(
            str(one["judge"]),
            _one_of(_KINDS, one["judge_kind"]),
            str(one["item"]),
            int(_one_of(tuple(map(str, range(WORST, BEST + 1))), one["score"])),
            str(one["reason"]),
        )
        for one in _rows(folder / RATINGS, Rating._fields)
    ]


def _one_of(known: Sequence[Any], given: object) -> Any:  # noqa: ANN401 - one of a Literal
    if given not in known:
        message = f"it holds {given!r} in place of one of {', '.join(map(str, known))}"
        raise DataError(message)
    return given


def _rows(file: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    import pandas as pd

    if not file.is_file():
        return []
    try:
        frame: pd.DataFrame = pd.read_csv(file, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        message = f"{file} cannot be read ({error}); remove it to judge again"
        raise DataError(message) from error
    if missing := [one for one in names if one not in frame]:
        message = f"{file} has no column {', '.join(missing)}; remove it to judge again"
        raise DataError(message)
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]
