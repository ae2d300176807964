"""How behaviour changes when a component is left out (CitySim, appendix C.5, table 4)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.paper.lived import Lived, live
from mesa_llm_city.experiments.paper.minds import minds
from mesa_llm_city.experiments.paper.report import Report, nothing_to_compare_with, report_of
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import entitle, new_sheet
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.experiments.validation.validate_run import families_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

__all__ = ["Change", "changes", "conduct"]

_OF_THE_PAPER = ("beliefs", "recursion", "goals", "needs", "persona")
_ANOTHER_SEED = "another seed"
_DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("time use", "variation", "visits"), "activity"),
        **dict.fromkeys(("dialogue",), "dialogue"),
        **dict.fromkeys(("event reaction",), "event reaction"),
    }
)
_MOBILITY = "mobility"
_ORDER = ("activity", "dialogue", _MOBILITY, "event reaction")
_ROW_IN, _COLUMN_IN = 0.27, 1.35
_MOST_ROWS = 45
_NAME_LENGTH = 66
_NO_WIDTH = 1e-9


class Change(NamedTuple):
    """How a measure changes without a component.

    Attributes
    ----------
    domain : str
        Domain of the paper: activity, dialogue, mobility or event reaction.
    whole, other : Measure
        The measure with all components, and without one.
    """

    domain: str
    whole: Measure
    other: Measure

    @property
    def value(self) -> float:
        """The difference; NaN if one of the runs lacks the measure."""
        return self.other.value - self.whole.value

    @property
    def half(self) -> float:
        """Half the width of its 95 % interval, as if the runs were independent."""
        ends = (self.whole.interval, self.other.interval)
        return math.hypot(*((high - low) / 2.0 for low, high in ends))

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero; without a width it says nothing."""
        return abs(self.value) > self.half > _NO_WIDTH

    @property
    def is_worse(self) -> bool:
        """Whether it is clearly further from people, or from a perfect score."""
        gains = (self.whole.gain, self.other.gain)
        if self.whole.better == "nearer" and self.whole.reference is not None:
            goal = self.whole.reference.value
            gains = (-abs(self.whole.value - goal), -abs(self.other.value - goal))
        elif self.whole.better != "nearer":
            sign = -1.0 if self.whole.better == "lower" else 1.0
            gains = (sign * self.whole.value, sign * self.other.value)
        return self.is_clear and gains[1] < gains[0]


def conduct(setting: Setting) -> Report:
    """Run a city with all components, with another seed, and without each component in turn.

    ``without`` of the options names the components; by default those of the paper.
    """
    if setting.run is not None:
        message = "ablations are several runs, so a finished run cannot be measured; leave it out"
        raise ConfigError(message)
    names = setting.options.without or _OF_THE_PAPER
    whole = _lived(setting, "all-components", without=())
    measured = _measured(whole, setting)
    found: dict[str, list[Change]] = {}
    other = _lived(setting, "another-seed", without=(), seed=setting.options.seed + 1)
    found[_ANOTHER_SEED] = changes(measured, _measured(other, setting))
    for name in names:
        other = _lived(setting, f"without-{name}", without=(name,))
        found[f"without {name}"] = changes(measured, _measured(other, setting))
    families = [*measured, *(_family(name, some) for name, some in found.items())]
    return report_of(
        setting, whole, families, lambda report: _draw(report, found), _notes(found, setting)
    )


def _lived(setting: Setting, name: str, **options: object) -> Lived:
    setting.progress.say(name.replace("-", " "))
    return live(setting, setting.run_options(name, **options))


def _measured(lived: Lived, setting: Setting) -> list[Family]:
    resamples = partial(Bootstrap, draws=setting.draws)
    families = families_of(lived.everybody, lived.observed, resamples, cell_m=setting.cell_m)
    # Curves and maps would fill the report several times over.
    return [
        Family(name=one.name, measures=one.measures, notes=one.notes)
        for one in (*families, *minds(lived))
    ]


def changes(whole: Sequence[Family], other: Sequence[Family]) -> list[Change]:
    """Return the changes of all measures that both runs have, by domain.

    Parameters
    ----------
    whole, other : sequence of Family
        Measures with all components, and without one.
    """
    theirs = {(family.name, one.name): one for family in other for one in family.measures}
    found = [
        Change(_DOMAINS.get(family.name, _MOBILITY), one, theirs[family.name, one.name])
        for family in whole
        for one in family.measures
        if (family.name, one.name) in theirs
    ]
    known = [one for one in found if math.isfinite(one.value) and math.isfinite(one.half)]
    return sorted(known, key=lambda one: _ORDER.index(one.domain))


def _family(name: str, some: Sequence[Change]) -> Family:
    """Return the clear changes, the clearest first, as measures."""
    clear = sorted(
        (one for one in some if one.is_clear),
        key=lambda one: -abs(one.value) / max(one.half, 1e-12),
    )
    measures = tuple(
        Measure(
            name=f"change of {one.whole.name}",
            unit=one.whole.unit,
            value=one.value,
            interval=(one.value - one.half, one.value + one.half),
            better="nearer",
            n=one.other.n,
            units=one.other.units,
        )
        for one in clear
    )
    details = {
        one.whole.name: {
            "domain": one.domain,
            "change": round(one.value, 6),
            "half_interval_95": round(one.half, 6),
            "clear": one.is_clear,
            "worse": one.is_worse,
        }
        for one in some
    }
    worse = [one.whole.name for one in some if one.is_worse]
    notes = (f"further from people in: {'; '.join(worse)}",) if worse else ()
    return Family(name=name, measures=measures, details=details, notes=notes)


def _notes(found: Mapping[str, Sequence[Change]], setting: Setting) -> Iterator[str]:
    for name, some in found.items():
        counts = ", ".join(
            f"{_clear(own)} of {len(own)} {domain}"
            for domain in _ORDER
            if (own := [one for one in some if one.domain == domain])
        )
        yield f"{name}: clear changes in {counts}"
    yield (
        "changes are against the same people with all components; intervals take the runs for "
        "independent; another seed shows how much is chance"
    )
    yield "the paper has grades of a language model (table 4); these are measures of behaviour"
    if setting.data is None:
        yield nothing_to_compare_with("time_use")


def _clear(some: Sequence[Change]) -> int:
    return int(np.sum([one.is_clear for one in some]))


def _draw(report: Report, found: Mapping[str, Sequence[Change]]) -> Picture:
    """Draw a table of changes: a row for each measure, a column for each run."""
    rows = _rows(found)
    width_in = 6.2 + _COLUMN_IN * len(found)
    sheet = new_sheet(report, width_in=width_in, height_in=_ROW_IN * max(len(rows), 3) + 1.3)
    axes = sheet.subplots()
    _draw_cells(axes, rows, found)
    entitle(
        axes,
        "Change against all components. Blue: lower, red: higher; pale: within the 95 % "
        "interval; bold: further from people",
    )
    axes.tick_params(length=0)
    return sheet


def _rows(found: Mapping[str, Sequence[Change]]) -> list[tuple[str, str]]:
    """Return domain and name of the measures to show: those that change most clearly, in order."""
    clearest: dict[tuple[str, str], float] = {}
    for some in found.values():
        for one in some:
            key = (one.domain, one.whole.name)
            score = abs(one.value) / max(one.half, 1e-12)
            clearest[key] = max(clearest.get(key, 0.0), score)
    kept = set(sorted(clearest, key=lambda key: -clearest[key])[:_MOST_ROWS])
    shown = [key for key in clearest if key in kept]
    # A column may have measures that the first one lacks, which come last.
    return sorted(shown, key=lambda key: _ORDER.index(key[0]))


def _draw_cells(
    axes: Axes, rows: Sequence[tuple[str, str]], found: Mapping[str, Sequence[Change]]
) -> None:
    by_column = [{one.whole.name: one for one in some} for some in found.values()]
    scores = np.array([[_score(column.get(name)) for column in by_column] for _, name in rows])
    axes.imshow(
        scores.reshape(len(rows), len(found)), cmap="RdBu_r", vmin=-4, vmax=4, aspect="auto"
    )
    for row, (_, name) in enumerate(rows):
        for at, column in enumerate(by_column):
            if (one := column.get(name)) is not None:
                _write(axes, at, row, one)
    axes.set_xticks(range(len(found)), list(found))
    axes.xaxis.tick_top()
    whole = {one.whole.name: one.whole for some in found.values() for one in some}
    axes.set_yticks(range(len(rows)), [_label(*key, whole[key[1]]) for key in rows])
    borders = [row - 0.5 for row in range(1, len(rows)) if rows[row][0] != rows[row - 1][0]]
    axes.hlines(borders, -0.5, len(found) - 0.5, color="black", linewidth=1.0)


def _score(one: Change | None) -> float:
    """Return a change in standard errors; 0 where it is not clear, so that it stays pale."""
    if one is None or not one.is_clear:
        return 0.0 if one is None else float(np.sign(one.value)) * 0.3
    return float(np.clip(1.96 * one.value / max(one.half, 1e-12), -4.0, 4.0))


def _write(axes: Axes, column: int, row: int, one: Change) -> None:
    is_dark = one.is_clear and abs(_score(one)) > 2.8
    axes.text(
        column,
        row,
        f"{one.value:+.3g}" if one.value else "0",
        ha="center",
        va="center",
        fontsize=8,
        color="white" if is_dark else "black" if one.is_clear else "#888888",
        fontweight="bold" if one.is_worse else "normal",
    )


def _label(domain: str, name: str, whole: Measure) -> str:
    unit = f" {whole.unit}" if whole.unit else ""
    short = name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 3]}..."
    return f"{domain} | {short}: {whole.value:.3g}{unit}"
