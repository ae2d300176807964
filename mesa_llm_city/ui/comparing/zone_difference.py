"""What is measured in zones, in one run minus another, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.palette import LEVELS, Colouring, diverging
from mesa_llm_city.ui.views.protocols import Basemap
from mesa_llm_city.ui.views.span import Span
from mesa_llm_city.ui.views.zone_measures import COUNTS, measure_label, zone_measures, zone_values

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ZoneDifference", "are_zones_equal", "shared_measures", "zone_difference"]

_LEAST_MEAN = 0.01
"""The scale of a mean reaches at least so far, so that noise is not drawn as a contrast."""

_SIGNS: Mapping[str, tuple[str, str]] = {
    "mood": ("worse", "better"),
    "belief": ("liked less", "liked more"),
    "income": ("x median less", "x median more"),
}
"""What less and more mean, of measures that are neither counts nor needs."""

_OF_COUNTS = ("fewer", "more")
_OF_NEEDS = ("more pressing", "better met")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneDifference:
    """A measure of each zone in two runs.

    Parameters
    ----------
    measure : str
        One of `shared_measures`.
    label : str
        What it is called.
    names : (str, str)
        Names of the runs, the shown one first.
    zones : tuple of str, length z
        Names of the zones.
    here, there : ndarray of float64, shape (z,)
        The measure in the run that is shown and in the other, NaN where it is not known.
    """

    measure: str
    label: str
    names: tuple[str, str]
    zones: tuple[str, ...]
    here: Float
    there: Float

    @property
    def values(self) -> Float:
        """The other run minus the shown one, shape (z,), NaN where one of them is not known."""
        return self.there - self.here

    def look(self) -> Colouring:
        """Return what the colours mean: as far to less as to more, no difference in the middle."""
        known = np.abs(self.values[np.isfinite(self.values)])
        most = max(float(np.max(known, initial=0.0)), 1.0 if self._is_count else _LEAST_MEAN)
        title = f"{self.label}: {self.names[1]} minus {self.names[0]}"
        less, more = self._signs
        ends = f"{self._number(most)} {less}", f"{self._number(most)} {more}"
        return diverging(self.measure, title, most, ends)

    def codes(self) -> NDArray[np.uint8]:
        """Return the step of colour of each zone, `LEVELS` where nothing is known.

        The middle step is of zones without any difference; the least one has another.
        """
        values, middle = self.values, LEVELS // 2
        codes = self.look().codes(values).astype(np.int64)
        is_faint = codes == middle
        codes[is_faint & (values < 0)] -= 1
        codes[is_faint & (values > 0)] += 1
        return codes.astype(np.uint8)

    def words(self) -> list[str]:
        """Return what to say of each zone, such as ``12 more: 52, 40 in first run``."""
        return [self._word(row) for row in range(len(self.zones))]

    def summary(self) -> str:
        """Return how many zones differ, and which the most."""
        values = self.values
        differ = np.flatnonzero(np.isfinite(values) & (values != 0.0))
        count = int(np.isfinite(values).sum())
        if not count:
            return f"Of {self.label}, nothing is known in both runs."
        if not len(differ):
            return f"No zone differs by {self.label}."
        said = [f"{len(differ)} of {count} zones differ by {self.label}."]
        for extreme in (differ[np.argmax(values[differ])], differ[np.argmin(values[differ])]):
            told = f"{self.zones[extreme]}: {self._change(float(values[extreme]))}."
            if told not in said:
                said.append(told)
        return " ".join(said)

    def to_frame(self) -> pd.DataFrame:
        """Return columns zone, shown, other and difference, a row a zone, by size of difference.

        Zones that are not known in both runs come last.
        """
        import pandas as pd

        values = self.values
        order = np.argsort(-np.abs(values), kind="stable")
        columns = {"shown": self.here, "other": self.there, "difference": values}
        return pd.DataFrame(
            {
                "zone": [self.zones[row] for row in order.tolist()],
                **{name: column[order] for name, column in columns.items()},
            }
        )

    def rows(self) -> list[list[str]]:
        """Return what `to_frame` does as texts, the difference in words."""
        return [
            [
                str(zone),
                self._known(here),
                self._known(there),
                self._change(difference) if np.isfinite(difference) else "not known in both",
            ]
            for zone, here, there, difference in self.to_frame().itertuples(index=False)
        ]

    @property
    def _is_count(self) -> bool:
        return self.measure in COUNTS

    @property
    def _signs(self) -> tuple[str, str]:
        return _OF_COUNTS if self._is_count else _SIGNS.get(self.measure, _OF_NEEDS)

    def _number(self, value: float) -> str:
        return f"{value:,.0f}" if self._is_count else f"{value:.2f}"

    def _known(self, value: float) -> str:
        return self._number(value) if np.isfinite(value) else "not known"

    def _change(self, value: float) -> str:
        if not value:
            return "no difference"
        return f"{self._number(abs(value))} {self._signs[value > 0.0]}"

    def _word(self, row: int) -> str:
        if not np.isfinite(self.values[row]):
            return "not known in both runs"
        here, there = self._number(float(self.here[row])), self._number(float(self.there[row]))
        if not self.values[row]:
            return f"no difference: {here} in both"
        change, (shown, other) = self._change(float(self.values[row])), self.names
        return f"{change}: {there} in {other}, {here} in {shown}"


def are_zones_equal(one: Basemap, other: Basemap) -> bool:
    """Return whether two cities have the same zones, by name and outline."""
    if one is other:
        return True
    if one.area_names != other.area_names or len(one.zones) != len(other.zones):
        return False
    return all(np.array_equal(a, b) for a, b in zip(one.zones, other.zones, strict=True))


def shared_measures(pair: Pair) -> list[dict[str, str]]:
    """Return the names and labels of what is known of the zones of both runs.

    Parameters
    ----------
    pair : Pair
        The runs.
    """
    known = zone_measures(pair.other)
    return [
        {"name": one, "label": measure_label(pair.shown, one)}
        for one in zone_measures(pair.shown)
        if one in known
    ]


def zone_difference(pair: Pair, measure: str, span: Span | None = None) -> ZoneDifference:
    """Return a measure of the zones of two runs of one city, at the minutes they show.

    Parameters
    ----------
    pair : Pair
        The runs.
    measure : str
        One of `shared_measures`.
    span : Span, optional
        Hours that are marked, in which visits are counted (see `zone_values`).

    Raises
    ------
    ConfigError
        If one of the runs does not know it.
    """
    return ZoneDifference(
        measure=measure,
        label=measure_label(pair.shown, measure, span),
        names=pair.names,
        zones=pair.shown.basemap().area_names,
        here=zone_values(pair.shown, measure, span),
        there=zone_values(pair.other, measure, span),
    )
