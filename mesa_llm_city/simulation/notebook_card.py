"""A small HTML card of a model, which notebooks show for it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # A model shows its own card; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["card"]

_MOST_PURPOSES = 5


def card(model: CityModel) -> str:
    """Return a model as a few lines of HTML: where, when, who, doing what.

    Parameters
    ----------
    model : CityModel
        The model.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> "20 people" in card(model)
    True
    """
    now = model.clock.at(model.minute)
    doing = [f"{purpose} {count:,}" for purpose, count in model.doing.most_common() if count]
    asked = sorted(model.prompts)
    rows = {
        "now": f"day {model.clock.day(model.minute) + 1}, {now:%a} {now:%Y-%m-%d} {now:%H:%M}",
        "who": f"{len(model.citizens):,} people, seed {model.run_seed}",
        "doing": ", ".join(doing[:_MOST_PURPOSES]),
        "trips": f"{model.records.trips.added:,} so far",
        "decisions": f"asked about {', '.join(asked)}" if asked else "rules",
    }
    lines = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:1px 12px 1px 0">{name}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for name, text in rows.items()
    )
    return (
        '<div style="display:inline-block;border:1px solid #8886;border-radius:8px;'
        f'padding:8px 14px"><b>{escape(model.city.name)}</b>'
        f'<table style="font-size:.9em;margin:4px 0">{lines}</table>'
        "<small><code>mesa_llm_city.ui.show(model)</code> opens map and charts here.</small></div>"
    )
