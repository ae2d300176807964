"""The result of a validation: as a table, as text, as JSON, and in files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.experiments.validation.provenance import Provenance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILES", "Validation"]

FILES = ("validation.json", "validation.csv", "validation.png")
"""What is written into the folder of a validation."""

_HEADS = ("measure", "value", "95 %", "naive", "people", "based on", "against naive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Measures of a run, with naive predictions beside them.

    Parameters
    ----------
    provenance : Provenance
        Where the figures come from.
    families : tuple of Family
        The measures by kind.
    draws : int
        Number of resamples of persons behind the intervals.
    """

    provenance: Provenance
    families: tuple[Family, ...]
    draws: int

    def __getitem__(self, name: str) -> Measure:
        """Return the measure of a name.

        Raises
        ------
        KeyError
            If there is none; the names are listed.
        """
        found = {one.name: one for family in self.families for one in family.measures}
        if name not in found:
            message = f"there is no measure {name!r}; there are {', '.join(found)}"
            raise KeyError(message)
        return found[name]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per measure."""
        import pandas as pd

        return pd.DataFrame([_row(family, one) for family, one in self._measures()])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "provenance": self.provenance.to_dict(),
            "intervals": f"95 %, bootstrap over persons, {self.draws} resamples",
            "families": [family.to_dict() for family in self.families],
        }

    def text(self) -> str:
        """Return the figures as a page for the terminal."""
        keys: dict[str, str] = {}
        rows = [
            (family, [_cells(one, keys) for one in family.measures]) for family in self.families
        ]
        cells = [_HEADS, *(row for _, some in rows for row in some)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(_HEADS))]
        lines = [*self.provenance.lines(), "", _line(_HEADS, widths)]
        for family, some in rows:
            lines += [family.name, *(_line(row, widths) for row in some)]
            lines += [f"  note: {note}" for note in family.notes]
        lines += ["", f"95 %: bootstrap over persons, {self.draws} resamples"]
        return "\n".join([*lines, *(f"{key}  {text}" for text, key in keys.items())])

    def write(self, folder: Path) -> None:
        """Write ``validation.json``, ``validation.csv`` and ``validation.png``.

        Parameters
        ----------
        folder : Path
            Made if it does not exist; files of an earlier validation are replaced.

        Raises
        ------
        ConfigError
            If nothing can be written there.
        """
        from mesa_llm_city.experiments.validation.picture import draw_validation

        told = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        report, table, picture = (folder / name for name in FILES)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            report.write_text(f"{told}\n", encoding="utf-8")
            table.write_text(csv_text(self.to_frame()), encoding="utf-8")
            draw_validation(self.provenance, self.families).savefig(picture)
        except OSError as error:
            message = (
                f"out: the validation cannot be written to {folder} "
                f"({error.strerror or error}); choose another folder"
            )
            raise ConfigError(message) from error

    def _measures(self) -> Iterator[tuple[Family, Measure]]:
        for family in self.families:
            yield from ((family, one) for one in family.measures)


def _row(family: Family, one: Measure) -> dict[str, Any]:
    told = one.to_dict()
    naive = list(told["naive"].items()) or [("", None)]
    return {
        "family": family.name,
        "measure": one.name,
        "unit": one.unit,
        "value": told["value"],
        "low_95": told["interval_95"][0],
        "high_95": told["interval_95"][1],
        "better": one.better,
        "naive": naive[0][1],
        "naive_is": naive[0][0],
        "against_naive": one.verdict,
        "further_naive": "; ".join(f"{name}: {value}" for name, value in naive[1:]),
        "reference": told["reference"],
        "reference_source": told["reference_source"],
        "n": one.n,
        "units": one.units,
    }


def _cells(one: Measure, keys: dict[str, str]) -> tuple[str, ...]:
    """Return the cells of a line; sources and naive predictions get a key, as footnotes have."""
    naive = next(((value, name) for name, value in one.naive.items()), None)
    told = None if one.reference is None else (one.reference.value, one.reference.source)
    unit = f" ({one.unit})" if one.unit else ""
    low, high = map(_figure, one.interval)
    return (
        f"  {one.name}{unit}",
        _figure(one.value),
        f"{low} to {high}",
        *(_with_key(pair, keys) for pair in (naive, told)),
        f"{one.n:,} {one.units}",
        one.verdict.upper() if one.verdict == "worse" else one.verdict,
    )


def _with_key(pair: tuple[float, str] | None, keys: dict[str, str]) -> str:
    if pair is None:
        return ""
    key = keys.setdefault(pair[1], f"[{len(keys) + 1}]")
    return f"{_figure(pair[0])} {key}"


def _figure(value: float) -> str:
    """Return a number in three figures or more; a dash for none.

    Examples
    --------
    >>> _figure(0.01234), _figure(3.146), _figure(136.2), _figure(float("nan"))
    ('0.012', '3.15', '136', '-')
    """
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.2f}" if size >= 1 else f"{value:.3f}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Return a line of the table: numbers to the right, words to the left."""
    name, value, *others = cells
    rest = [one.ljust(width) for one, width in zip(others, widths[2:], strict=True)]
    return "  ".join([name.ljust(widths[0]), value.rjust(widths[1]), *rest]).rstrip()
