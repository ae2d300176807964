"""What a person remembers and has concluded, and which memories a conclusion rests on."""

from __future__ import annotations

from collections.abc import Sequence

import solara

from mesa_llm_city.ui.panel import Hint, Rows
from mesa_llm_city.ui.person.common import NOT_KEPT, about_person, short_time
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, InsightRow, MemoryRow, PersonView

__all__ = ["MemoryList"]

_INSIGHTS = 12
_A_ROW = "A row of the crowd keeps no memories; it becomes a citizen by model.promote."


def MemoryList(model: object) -> solara.Element:
    """Show memories and insights; of an insight the memories that it rests on."""
    return about_person(model, "Memories and insights", "memories", _Memories)


@solara.component
def _Memories(seen: PersonView, view: CityView) -> None:
    followed, follow = solara.use_state(0)
    wanted, search = solara.use_state("")
    if "memories" in seen.missing and not seen.insights:
        Hint(NOT_KEPT if model_of(view) is None else _A_ROW)
        return
    if not seen.memories and not seen.insights:
        Hint("There are no memories yet: let the run go on until an activity has ended.")
        return
    for one in seen.insights[:_INSIGHTS]:
        is_followed = one.number == followed
        _Conclusion(
            one,
            is_followed,
            lambda number=one.number, off=is_followed: follow(0 if off else number),
        )
    insight = next((one for one in seen.insights if one.number == followed), None)
    solara.InputText("Search memories", value=wanted, on_value=search, continuous_update=True)
    shown = _fitting(seen.memories, insight, wanted)
    if insight is not None:
        solara.Text(_evidence(insight, shown), classes=["city-evidence"])
    supported = _supported(seen.insights)
    head = ("no.", "when", "memory", "where", "liked", *(["evidence for"] if supported else []))
    rows = [
        (
            f"{one.number}",
            short_time(view.clock, one.minute),
            f"{one.key}: {one.observation}",
            one.place,
            "" if one.score is None else f"{one.score:.2f}",
            *([supported.get(one.number, "")] if supported else []),
        )
        for one in shown
    ]
    Rows(head, rows, label=f"memories of {seen.name}", wide="memory")


@solara.component
def _Conclusion(one: InsightRow, is_followed: bool, on_follow: object) -> None:  # noqa: FBT001 - a component
    rests = len(one.evidence) + len(one.earlier)
    with solara.Row(gap="6px", style={"align-items": "baseline", "flex-wrap": "wrap"}):
        solara.Text(
            f"{one.text} ({_kind(one)}, {one.strength:.0%} sure; t{one.number})",
            style={"font-size": "0.88rem", "font-weight": "600" if is_followed else "400"},
        )
        if rests:
            label = "show all" if is_followed else f"rests on {rests}"
            solara.Button(label, text=True, x_small=True, on_click=on_follow)


def _kind(one: InsightRow) -> str:
    return "why so" if one.kind == "justification" else one.kind


def _fitting(
    memories: Sequence[MemoryRow], insight: InsightRow | None, wanted: str
) -> list[MemoryRow]:
    """Return the memories that an insight rests on, or all, that contain a text."""
    text = wanted.strip().casefold()
    return [
        one
        for one in memories
        if (insight is None or one.number in insight.evidence)
        and text in f"{one.key} {one.observation} {one.place}".casefold()
    ]


def _evidence(insight: InsightRow, shown: Sequence[MemoryRow]) -> str:
    """Return on what an insight rests: memories still there, forgotten ones, earlier insights."""
    there = {one.number for one in shown}
    gone = [f"{number}" for number in insight.evidence if number not in there]
    earlier = [f"t{number}" for number in insight.earlier]
    components = [
        f"Evidence of t{insight.number}: {len(there)} memories below",
        f"forgotten or filtered out: {', '.join(gone)}" if gone else "",
        f"earlier insights: {', '.join(earlier)}" if earlier else "",
    ]
    return "; ".join(filter(None, components))


def _supported(insights: Sequence[InsightRow]) -> dict[int, str]:
    """Return by number of a memory the insights that rest on it."""
    found: dict[int, list[str]] = {}
    for insight in insights:
        for number in insight.evidence:
            found.setdefault(number, []).append(f"t{insight.number}")
    return {number: ", ".join(names) for number, names in found.items()}
