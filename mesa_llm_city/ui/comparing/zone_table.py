"""All zones of two runs in numbers, below the map of their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara

from mesa_llm_city.ui.panel import Rows

if TYPE_CHECKING:
    from mesa_llm_city.ui.comparing.zone_difference import ZoneDifference

__all__ = ["ZoneTable"]


@solara.component
def ZoneTable(difference: ZoneDifference) -> None:
    """Show a measure of every zone in both runs once it is asked for, and save it as CSV.

    Parameters
    ----------
    difference : ZoneDifference
        What to show.
    """
    is_open, set_open = solara.use_state(initial=False)
    with solara.Row(gap="8px", style={"flex-wrap": "wrap", "background": "transparent"}):
        solara.Button(
            "Hide the numbers" if is_open else "All zones in numbers",
            on_click=lambda: set_open(not is_open),
            small=True,
            outlined=True,
        )
        if is_open:
            solara.FileDownload(
                lambda: difference.to_frame().to_csv(index=False).encode("utf-8"),
                filename=f"zones_{difference.measure}.csv",
                label="Save as CSV",
            )
    if is_open:
        shown, other = difference.names
        label = f"{difference.label} of each zone"
        Rows(("zone", shown, other, "difference"), difference.rows(), label=label)
