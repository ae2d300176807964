"""The picture of a run: the map, and time use, trips and needs by time of day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.experiments.findings import Findings, findings, of_residents, recorded
from mesa_llm_city.experiments.palette import palette_of
from mesa_llm_city.experiments.panels import draw_needs, draw_time_use, draw_trips
from mesa_llm_city.experiments.town_map import draw_map
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.outsiders import residents_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["draw_summary", "save_summary"]

_SIZE_IN = (14.0, 9.0)
_DPI = 130


def save_summary(file: Path, model: CityModel, frames: Mapping[str, pd.DataFrame]) -> None:
    """Draw a finished run and save it as a picture (see `draw_summary`)."""
    draw_summary(model, frames).savefig(file, dpi=_DPI)


def draw_summary(model: CityModel, frames: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw the map with visits, and time use, trips and needs by time of day.

    Parameters
    ----------
    model : CityModel
        The model after its last step.
    frames : mapping of str to pandas.DataFrame
        Its tables by name.

    Returns
    -------
    matplotlib.figure.Figure
        14 by 9 inches; made without pyplot, so no window is needed.
    """
    from matplotlib.figure import Figure

    shown = recorded(residents_of(model.everybody), model.records.sample)
    days, people = _days(model), len(shown)
    palette = palette_of(model.parameters)
    thresholds = {name: need.threshold for name, need in model.parameters.needs.items()}
    figure = Figure(figsize=_SIZE_IN, facecolor="white")
    town, *panels = _layout(figure)
    draw_map(town, model.city, frames["visits"], palette)
    frames = of_residents(frames, model.everybody)
    draw_time_use(panels[0], frames["activities"], model.clock, palette, days=days)
    draw_trips(panels[1], frames["trips"], model.clock, palette, days=days, people=people)
    draw_needs(panels[2], frames["needs"], thresholds, palette)
    _caption([town, *panels], days)
    _title(figure, model, days)
    found = findings(frames, people=people, days=days, parameters=model.parameters)
    figure.text(0.015, 0.018, _key_figures(found), fontsize=9, color="#333333")
    return figure


def _layout(figure: Figure) -> list[Axes]:
    """Return the axes: a map on the left, three panels below each other on the right."""
    top = 0.868
    town = figure.add_subplot(
        figure.add_gridspec(left=0.015, right=0.485, top=top, bottom=0.115)[0]
    )
    town.set_anchor("NW")
    panels = figure.add_gridspec(3, left=0.537, right=0.868, top=top, bottom=0.06, hspace=0.36)
    return [town, *(figure.add_subplot(panels[row]) for row in range(3))]


def _caption(axes: Sequence[Axes], days: int) -> None:
    over, through = ("", "") if days == 1 else (f", mean of {days} days", f", {days} days")
    titles = (
        "Places by number of visits, home, work and school left out",
        f"What people are doing{over}",
        f"Trips by mode{over}",
        f"Needs{through}",
    )
    for one, letter, text in zip(axes, "abcd", titles, strict=True):
        one.set_title(
            f"{letter}   {text}", loc="left", y=1.0, pad=7, fontsize=10.5, fontweight="bold"
        )
        one.tick_params(labelsize=8)
        one.yaxis.label.set_fontsize(9)


def _title(figure: Figure, model: CityModel, days: int) -> None:
    start = model.clock.start
    length = "1 day" if days == 1 else f"{days} days"
    subtitle = (
        f"{_who(model)}, {length} from {start:%A} {start.day} {start:%B %Y}, "
        f"seed {model.run_seed}; {_who_decides(model)}"
    )
    figure.text(0.015, 0.957, _heading(model.city.name), fontsize=17, fontweight="bold")
    figure.text(0.015, 0.927, subtitle, fontsize=11, color="#333333")


def _who(model: CityModel) -> str:
    everybody, residents = len(model.everybody), len(residents_of(model.everybody))
    if (sample := model.records.sample) is not None:
        return f"a sample of {100.0 * sample.share:g} % of {everybody:,} people"
    if everybody == residents:
        return f"{residents:,} citizens"
    return f"{residents:,} residents (b to d) and {everybody - residents:,} outsiders"


def _who_decides(model: CityModel) -> str:
    if not isinstance(model.llm, LLM):
        return "every choice by rules: no language model was used"
    replayed = "a recording of " if model.llm.mode == "replay" else ""
    return (
        f"{', '.join(sorted(model.prompts))} by {replayed}{model.llm.spec.model}, the rest by rules"
    )


def _key_figures(found: Findings) -> str:
    """Return the key figures in a line."""
    median = found["median_trip_min"]
    typical = "" if median is None else f", median {median:.0f} min door to door"
    modes = ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in found["mode_shares"].items())
    return f"{found['trips_per_person_day']:.1f} trips per person and day{typical}: {modes}"


def _heading(name: str) -> str:
    return (name[:1].upper() + name[1:]).replace("_", " ")


def _days(model: CityModel) -> int:
    return -(-model.minute // (model.clock.step_min * model.clock.steps_per_day))
