"""A small HTML card of a population, which notebooks show for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mesa_llm_city.core.html_card import bars, html_card
from mesa_llm_city.population.persona import Persona

__all__ = ["population_card"]

_DECADE = 10  # years
_MOST_SHOWN = 4


def population_card(
    people: Sequence[Persona], *, assumptions: Sequence[str] = (), culture: str | None = None
) -> str:
    """Return a population as a few lines of HTML: how many, in which households, how old.

    Parameters
    ----------
    people : sequence of Persona
        The people.
    assumptions : sequence of str, optional
        What was assumed when they were made.
    culture : str, optional
        The culture they were made with.

    Examples
    --------
    >>> "0 people" in population_card(())
    True
    """
    count = len(people)
    households = len({one.household.id for one in people})
    decades = Counter(_DECADE * (one.age // _DECADE) for one in people)
    rows = [(f"{at} to {at + _DECADE - 1}", float(decades[at])) for at in sorted(decades)]
    facts = {
        "households": f"{households:,}, of {count / max(households, 1):.1f} on average"
        * bool(count),
        "occupation": _shares(Counter(one.occupation.value for one in people)),
        "gender": _shares(Counter(one.gender.value for one in people)),
        "cars": f"{sum(one.has_car for one in people) / max(count, 1):.0%} have one" * bool(count),
        "outsiders": _outsiders(sum(one.outsider is not None for one in people)),
        "assumed": f"{len(assumptions):,} assumptions" * bool(assumptions),
        "culture": culture or "",
    }
    return html_card(
        f"{count:,} people",
        facts,
        picture=bars(rows, f"Ages of {count:,} people by decade"),
        hint="people.to_frame(), people.fit_report()" * bool(count),
    )


def _shares(count: Counter[str]) -> str:
    """Return the largest shares in words; equal ones by name."""
    total = count.total()
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))[:_MOST_SHOWN]
    return ", ".join(f"{name.replace('_', ' ')} {some / total:.0%}" for name, some in ordered)


def _outsiders(count: int) -> str:
    return f"{count:,} come from outside" if count else ""
