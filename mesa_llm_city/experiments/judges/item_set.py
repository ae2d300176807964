"""A set of blind items: drawn from runs, written to a folder, and read again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Self

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.judges.contents import CONTENTS, Occasion
from mesa_llm_city.experiments.judges.item import ItemKey, ItemKind, JudgeItem, Pair, check_kinds
from mesa_llm_city.experiments.judges.source import ItemSource

__all__ = ["ItemSet", "draw_items"]

_LABEL = re.compile(r"\w[\w .-]{0,59}")
ITEMS, KEY, PAIRS, ABOUT = "items.jsonl", "key.csv", "pairs.csv", "judging.json"
# Judges number what they are asked by the end of the name.
_NAME = re.compile(r".*-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSet:
    """Blind items, the pairs to compare, and the key that is kept from judges.

    Parameters
    ----------
    items : tuple of JudgeItem
        In an order drawn at random.
    key : tuple of ItemKey
        Where each comes from, in the same order.
    pairs : tuple of Pair
        Pairs of items of two runs.
    runs : mapping of str to mapping
        What is known of each run, by its label.
    seed : int
        Seed of the draw.
    notes : tuple of str
        What a reader must know of the draw.
    """

    items: tuple[JudgeItem, ...]
    key: tuple[ItemKey, ...]
    pairs: tuple[Pair, ...]
    runs: Mapping[str, Mapping[str, Any]]
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def by_id(self) -> Mapping[str, JudgeItem]:
        """The items by name."""
        return {one.id: one for one in self.items}

    @property
    def run_of(self) -> Mapping[str, str]:
        """Label of the run of each item, by its name."""
        return {one.item: one.run for one in self.key}

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """Kinds of items that there are, in the order of `item.KINDS`."""
        there = {one.kind for one in self.items}
        return tuple(one for one in CONTENTS if one in there)

    def write(self, folder: Path) -> None:
        """Write items, pairs and key to a folder, which is made if need be.

        Raises
        ------
        ConfigError
            If nothing can be written there, or there is a set already.
        """
        if (folder / ABOUT).exists():
            message = f"{folder} holds items already; choose another folder with --out"
            raise ConfigError(message)
        about = {"seed": self.seed, "runs": self.runs, "notes": self.notes}
        lines = [json.dumps(one._asdict(), ensure_ascii=False) for one in self.items]
        files = {
            ITEMS: "".join(f"{line}\n" for line in lines),
            KEY: _csv(ItemKey._fields, self.key),
            PAIRS: _csv(Pair._fields, self.pairs),
            ABOUT: f"{json.dumps(about, indent=2, ensure_ascii=False)}\n",
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            message = f"cannot write to {folder} ({error.strerror}); choose another folder"
            raise ConfigError(message) from error

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` has written.

        Raises
        ------
        ConfigError
            If the folder holds no items.
        DataError
            If a file is damaged.
        """
        if not (folder / ABOUT).is_file():
            message = f"{folder} holds no items; make them with `mesa-llm-city judge export`"
            raise ConfigError(message)
        try:
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            # Records may hold other ends of lines, such as U+2028.
            texts = (folder / ITEMS).read_text(encoding="utf-8").split("\n")
            items = tuple(_item(json.loads(line)) for line in texts if line)
            found = cls(
                items=items,
                key=tuple(
                    ItemKey(one["item"], one["run"], int(one["person"]), one["moment"])
                    for one in _rows(folder / KEY)
                ),
                pairs=tuple(Pair(**one) for one in _rows(folder / PAIRS)),
                runs=about["runs"],
                seed=int(about["seed"]),
                notes=tuple(about["notes"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{folder} cannot be read ({error}); export the items again"
            raise DataError(message) from error
        found._check(folder)
        return found

    def _check(self, folder: Path) -> None:
        known = {one.id for one in self.items}
        named = {one.item for one in self.key} | {
            item for pair in self.pairs for item in (pair.first, pair.second)
        }
        numbered = all(_NAME.fullmatch(one) for one in (*known, *(pair.id for pair in self.pairs)))
        if known != {one.item for one in self.key} or not named <= known or not numbered:
            message = f"{folder}: items, pairs and key do not fit together; export them again"
            raise DataError(message)


def draw_items(
    sources: Mapping[str, ItemSource],
    *,
    kinds: Sequence[str] = ("routine", "dialogue"),
    trials: int = 15,
    seed: int = 0,
) -> ItemSet:
    """Draw blind items of several runs, and the pairs to compare.

    Parameters
    ----------
    sources : mapping of str to ItemSource
        The runs by label; with one there are no pairs, only items to rate.
    kinds : sequence of str
        Kinds of items, see `item.KINDS`. One of which a run has nothing is left out, and a
        note says so.
    trials : int, default 15
        Items of each kind and run, and comparisons of each two runs (CitySim, sec. 4.2: 15;
        the interval of a share is then some 25 points wide on either side).
    seed : int, default 0
        Seed of the draw.

    Returns
    -------
    ItemSet
        If the runs have the same people, routines and trips of the same persons and days are
        compared. Otherwise items are drawn from each run alone.

    Raises
    ------
    ConfigError
        If there is no run, a label or number cannot be used, or no run has anything to show.
    """
    wanted = check_kinds(tuple(kinds))
    if wrong := [label for label in sources if not _LABEL.fullmatch(label)]:
        message = f"a label is a word of letters, digits, blanks, dots or hyphens, got {wrong[0]!r}"
        raise ConfigError(message)
    if not sources or trials < 1:
        message = f"give at least one run and one trial, got {len(sources)} and {trials}"
        raise ConfigError(message)
    drawn: list[tuple[ItemKind, int, str, Occasion]] = []
    notes: list[str] = []
    for kind in wanted:
        drawn += _drawn(sources, kind, trials, seed, notes)
    if not drawn:
        message = f"the runs have nothing to show: {'; '.join(notes)}"
        raise ConfigError(message)
    order = streams.rng(seed, 0, "judge order", 0).permutation(len(drawn))
    names = {int(row): f"item-{place:04d}" for place, row in enumerate(order)}
    shown = [(names[int(row)], *drawn[int(row)]) for row in order]
    items = tuple(_made(sources[run], name, kind, one) for name, kind, _, run, one in shown)
    pairs = tuple(_pairs(drawn, names, seed))
    return ItemSet(
        items=items,
        key=tuple(ItemKey(name, run, *one) for name, _, _, run, one in shown),
        pairs=pairs,
        runs={label: dict(source.facts) for label, source in sources.items()},
        seed=seed,
        notes=(*notes, *_alike(items, pairs)),
    )


def _alike(items: Sequence[JudgeItem], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield a note if there are pairs of which both sides are the same, word by word."""
    shown = {one.id: (one.about, one.lines) for one in items}
    if alike := sum(shown[one.first] == shown[one.second] for one in pairs):
        yield (
            f"{alike} of {len(pairs)} pairs are the same on both sides, so they can only be ties; "
            "runs of more days, or of other seeds, differ more"
        )


def _drawn(
    sources: Mapping[str, ItemSource], kind: ItemKind, trials: int, seed: int, notes: list[str]
) -> Iterator[tuple[ItemKind, int, str, Occasion]]:
    """Yield kind, trial, run and occasion of each item."""
    content = CONTENTS[kind]
    there = {label: content.occasions(source) for label, source in sources.items()}
    if missing := [label for label, some in there.items() if not some]:
        notes.append(f"{kind} left out, since there is none in {', '.join(missing)}")
        return
    common = _common(sources, there) if content.is_matched else []
    matched = len(sources) > 1 and bool(common)
    if matched:
        notes.append(f"{kind}: the same persons and days of all runs")
    for label, some in there.items():
        # With the same stream for all runs, equal lists give equal occasions.
        rng = streams.rng(seed, 0, f"judge {kind}" if matched else f"judge {kind} {label}", 0)
        pool = common if matched else some
        if len(pool) < trials:
            notes.append(f"{kind}: {label} has {len(pool)} for {trials} trials")
        chosen = rng.permutation(len(pool))[:trials]
        yield from ((kind, trial, label, pool[int(row)]) for trial, row in enumerate(chosen))


def _common(
    sources: Mapping[str, ItemSource], there: Mapping[str, list[Occasion]]
) -> list[Occasion]:
    """Return the occasions of all runs if those are of the same people."""
    first, *others = sources.values()
    shared = set.intersection(*(set(some) for some in there.values()))
    return [
        one
        for one in next(iter(there.values()))
        if one in shared
        and all(other.profiles[one.person] == first.profiles[one.person] for other in others)
    ]


def _pairs(
    drawn: Sequence[tuple[ItemKind, int, str, Occasion]], names: Mapping[int, str], seed: int
) -> Iterator[Pair]:
    """Yield the pairs of each two runs, trial by trial, each in an order drawn at random."""
    rows: dict[tuple[str, int], list[int]] = {}
    for row, (kind, trial, _, _) in enumerate(drawn):
        rows.setdefault((kind, trial), []).append(row)
    pairs = [pair for some in rows.values() for pair in combinations(some, 2)]
    rng = streams.rng(seed, 0, "judge pairs", 0)
    swaps = rng.random(len(pairs)) < 0.5
    order = rng.permutation(len(pairs))
    for place, at in enumerate(order):
        one, other = pairs[int(at)] if not swaps[at] else pairs[int(at)][::-1]
        yield Pair(f"pair-{place:04d}", names[one], names[other])


def _made(source: ItemSource, name: str, kind: ItemKind, occasion: Occasion) -> JudgeItem:
    about = source.profiles.get(occasion.person, "a person")
    return JudgeItem(name, kind, about, CONTENTS[kind].lines(source, occasion))


def _item(row: Mapping[str, Any]) -> JudgeItem:
    (kind,) = check_kinds((row["kind"],))
    return JudgeItem(str(row["id"]), kind, str(row["about"]), tuple(map(str, row["lines"])))


def _csv(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    import pandas as pd

    from mesa_llm_city.experiments.csv_text import csv_text

    return csv_text(
        pd.DataFrame(np.array(rows, dtype=object).reshape(-1, len(names)), columns=list(names))
    )


def _rows(file: Path) -> list[dict[str, str]]:
    import csv

    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
