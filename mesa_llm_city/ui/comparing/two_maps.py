"""The maps of two runs that are compared, side by side or one above the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mesa_llm_city.ui.comparing.comparison import Comparison
from mesa_llm_city.ui.map.city_map import CityMap
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.page.forks import use_forks_here
from mesa_llm_city.ui.page.redrawing import use_redrawing
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.person.common import short_time
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["TwoMaps", "lag_in_words"]

_STYLE = """
.city-two-maps{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px;
  --city-half-height:calc(var(--city-map-height,560px) - 32px)}
.city-one-map{min-width:0}
.city-map-box{height:max(220px,var(--city-half-height))}
.city-map-head{display:flex;align-items:center;gap:8px;height:32px;padding:0 2px;
  font-size:.86rem;min-width:0;box-sizing:border-box}
.city-map-name{font-weight:650;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;
  min-width:3.5em}
.city-map-role{color:var(--city-faint,inherit);white-space:nowrap;font-size:.8rem}
.city-map-lag{color:var(--city-accent,inherit);white-space:nowrap;overflow:hidden;
  text-overflow:ellipsis;min-width:0;font-variant-numeric:tabular-nums;font-size:.8rem}
.city-map-tools{display:flex;gap:6px;margin-left:auto;flex:none}
.city-two-maps .city-trouble{grid-column:1 / -1}
@container (max-width:480px){.city-map-role{display:none}}
@container (max-width:900px){
  .city-two-maps{grid-template-columns:minmax(0,1fr);
    --city-half-height:calc(var(--city-map-height,560px) / 2 - 36px)}
}
"""


def TwoMaps(comparison: Comparison, shown: object, minute: int) -> solara.Element:
    """Show the maps of two runs that are compared, each under its name.

    Parameters
    ----------
    comparison : Comparison
        The runs.
    shown : CityModel or CityView
        The shown run, or a replay of it at an earlier minute.
    minute : int
        The minute that is shown, so that the maps are drawn anew when it has changed.
    """
    return _TwoMaps(comparison=comparison, shown=shown, minute=minute)


@solara.component
def _TwoMaps(comparison: Comparison, shown: object, minute: int) -> None:
    del minute
    forks = use_forks_here()
    other = redraws(comparison.other.city)
    use_redrawing(comparison.runner, other, is_due=lambda: not _plays_along(comparison))
    own = solara.use_memo(SharedLook, [])
    look = own if forks is None else forks.look
    pair = comparison.pair(shown)
    solara.Style(_STYLE)
    with solara.Div(classes=["city-two-maps"]):
        with solara.Div(classes=["city-one-map", "city-shown-map"]):
            with solara.Div(classes=["city-map-head"]):
                _name(pair.names[0], "shown")
                with solara.Div(classes=["city-map-tools"]):
                    _OnlyWhoDiffers(look.only_differing)
            with solara.Div(classes=["city-map-box"]):
                CityMap(pair.shown, shared=look, other=pair.other)
        with solara.Div(classes=["city-one-map", "city-other-map"]):
            with solara.Div(classes=["city-map-head"]):
                _name(pair.names[1], "compared", lag_in_words(comparison, pair.shown, pair.other))
                if forks is not None:
                    with solara.Div(classes=["city-map-tools"]):
                        if comparison.following is not None and comparison.following.waits:
                            _button("Catch up", comparison.following.go_on)
                        _button("Swap", lambda: forks.switch(pair.names[1]))
                        _button("End comparison", lambda: forks.compare(""))
            with solara.Div(classes=["city-map-box"]):
                CityMap(pair.other, shared=look, other=pair.shown)
        if trouble := _trouble(comparison):
            solara.Error(trouble, dense=True, classes=["city-trouble"])


@solara.component
def _OnlyWhoDiffers(only: solara.Reactive[bool]) -> None:
    """Let those be pale who do the same at the same place in both runs."""
    is_on = only.value
    solara.Button(
        "Only who differs",
        on_click=lambda: only.set(not is_on),
        small=True,
        text=not is_on,
        outlined=is_on,
        attributes={"aria-pressed": f"{is_on}".lower()},
    )


def _name(name: str, role: str, lag: str = "") -> None:
    solara.v.Html(
        tag="h2",
        children=[name],
        class_="city-map-name",
        attributes={"title": name},
        style_="font-size:inherit",
    )
    solara.Text(lag or role, classes=["city-map-lag" if lag else "city-map-role"])


def _button(label: str, on_click: Callable[[], Any]) -> None:
    solara.Button(label, on_click=on_click, small=True, text=True)


def _trouble(comparison: Comparison) -> str:
    """Return what has stopped the other run, and the shown one with it; empty if nothing has."""
    following = comparison.following
    if following is None or not following.trouble:
        return ""
    return (
        f"{comparison.other.name} has stopped, and {comparison.shown.name} with it: "
        f"{following.trouble} Press Play or Step to try again, or end the comparison."
    )


def lag_in_words(comparison: Comparison, shown: CityView, other: CityView) -> str:
    """Return where the other run is, if that is another minute; empty if it is the same.

    Nothing is said of a step that is under way while both play.

    Parameters
    ----------
    comparison : Comparison
        The runs.
    shown, other : CityView
        Both, as they are shown.
    """
    if other.minute == shown.minute:
        return ""
    following, step_min = comparison.following, shown.clock.step_min
    now = short_time(other.clock, other.minute)
    if following is None:
        return f"ended at {now}"
    if following.leader.playing and shown.minute - other.minute <= step_min:
        return ""
    return f"at {now}, {'paused' if following.waits else 'catching up'}"


def _plays_along(comparison: Comparison) -> bool:
    """Tell whether both play, a step apart at most; then the shown run is drawn, and both by it."""
    following = comparison.following
    if following is None or not following.leader.playing:
        return False
    leader, other = view_of(comparison.shown.city), view_of(comparison.other.city)
    return abs(leader.minute - other.minute) <= leader.clock.step_min
