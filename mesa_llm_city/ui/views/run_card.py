"""A small HTML card of a finished run, which notebooks show for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.html_card import bars, html_card

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["run_card"]

_SOURCE, _DECISIONS, _TRIPS = "source", "decisions", "trips"
_LARGEST_TABLES = 6


def run_card(
    title: str, clock: Clock, minutes: int, people: int, tables: Mapping[str, pd.DataFrame]
) -> str:
    """Return a finished run as a few lines of HTML: where, when, who, and what was written down.

    Parameters
    ----------
    title : str
        Name of the run.
    clock : Clock
        Calendar of the run.
    minutes : int
        Its length.
    people : int
        Number of people.
    tables : mapping of str to pandas.DataFrame
        Tables by name.
    """
    first, last = clock.at(0), clock.at(max(minutes - 1, 0))
    rows = {name: len(frame) for name, frame in tables.items() if len(frame)}
    largest = sorted(rows.items(), key=lambda item: (-item[1], item[0]))[:_LARGEST_TABLES]
    facts = {
        "when": f"{_length(minutes)}, {first:%Y-%m-%d} to {last:%Y-%m-%d}",
        "who": f"{people:,} people",
        "trips": f"{rows.get(_TRIPS, 0):,}",
        "decided by": _sources(tables.get(_DECISIONS)),
        "tables": ", ".join(sorted(tables)),
    }
    return html_card(
        title,
        facts,
        picture=bars([(name, float(count)) for name, count in largest], "Rows of the tables"),
        hint="mesa_llm_city.ui.show(replay)",
    )


def _length(minutes: int) -> str:
    days, hours = divmod(minutes / HOUR_MIN, DAY_MIN / HOUR_MIN)
    told = [f"{days:g} {'day' if days == 1 else 'days'}"] if days else []
    return " ".join([*told, f"{hours:.3g} hours"] if hours or not days else told)


def _sources(decisions: pd.DataFrame | None) -> str:
    """Return how many decisions each source has taken."""
    if decisions is None or _SOURCE not in decisions.columns:
        return ""
    counts = decisions[_SOURCE].value_counts()
    return ", ".join(f"{source} {count:,}" for source, count in counts.items())
