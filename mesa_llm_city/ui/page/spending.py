"""What the language model of a run has cost so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import solara

from mesa_llm_city.llm.ledger import Totals
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.page.throttle import use_throttled
from mesa_llm_city.ui.panel import Hint, Panel, Rows
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, view_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Spend", "by_prompt", "spending_rows", "spent_by"]

_BY_PROMPT_S = 3.0
RULES_ONLY = "Rules only: no language model is asked, so nothing is spent."


def Spend(model: object) -> solara.Element:
    """Show calls, tokens and money so far; for a run without a model, that it has none."""
    return _Spend(model=model, minute=view_of(model).minute)


@solara.component
def _Spend(model: object, minute: int) -> None:
    view = view_of(model)
    is_open, set_open = solara.use_state(False)  # noqa: FBT003 - the state at first
    # A step that asks a language model can take minutes.
    redraws(model).get()
    spent = spent_by(view) if model_of(view) is not None else None
    asked = 0 if spent is None else spent.calls
    rows = use_throttled(minute, lambda: _rows(view), urgent=(id(model), asked))
    with Panel("Calls, tokens, money", name="spend"):
        if not rows:
            Hint(RULES_ONLY)
            return
        Rows(("what", "so far"), rows, label="calls, tokens and money so far")
        label = "Hide prompts" if is_open else "Show by prompt"
        solara.Button(label, text=True, small=True, on_click=lambda: set_open(not is_open))
        if is_open:
            _ByPrompt(model=model, minute=minute)


@solara.component
def _ByPrompt(model: object, minute: int) -> None:
    view = view_of(model)
    rows = use_throttled(
        minute, lambda: by_prompt(view.table("calls")), every_s=_BY_PROMPT_S, urgent=id(model)
    )
    head = ("prompt", "calls", "tokens in", "tokens out", "USD", "invalid")
    Rows(head, rows, label="calls by prompt")


def _rows(view: CityView) -> list[tuple[str, str]]:
    totals = spent_by(view)
    return [] if totals is None else spending_rows(totals)


def spent_by(view: CityView) -> Totals | None:
    """Return the sums over all calls of a run, None if no language model is asked.

    Parameters
    ----------
    view : CityView
        The city; of a live model the ledger's own sums are read.
    """
    model = model_of(view)
    if model is not None:
        totals = getattr(model.llm, "totals", None)
        return None if totals is None else totals()
    calls = view.table("calls")
    return _summed(calls) if len(calls) else None


def spending_rows(totals: Totals) -> list[tuple[str, str]]:
    """Return what was spent as pairs of a name and a number in words.

    Examples
    --------
    >>> spending_rows(Totals(calls=3, sent=3, prompt_tokens=900, completion_tokens=90))[:2]
    [('calls', '3'), ('tokens in, out', '900, 90')]
    """
    money = f"{totals.usd:,.4f} USD"
    if totals.unpriced and not totals.usd:
        money = "unknown, since the model has no price"
    elif totals.unpriced:
        money = f"{money} and {totals.unpriced:,} calls without a price"
    rows = [
        ("calls", f"{totals.calls:,}"),
        ("tokens in, out", f"{totals.prompt_tokens:,}, {totals.completion_tokens:,}"),
        ("money", money),
    ]
    rare = {
        "from the store": totals.stored,
        "shared with an equal question": totals.shared,
        "not of the form asked for": totals.invalid,
        "left to rules": totals.left_to_rules,
    }
    return rows + [(name, f"{count:,}") for name, count in rare.items() if count]


def by_prompt(calls: pd.DataFrame) -> list[Sequence[str]]:
    """Return calls, tokens, money and invalid answers by prompt, as rows of text."""
    rows: list[Sequence[str]] = []
    for prompt, own in calls.groupby("prompt", sort=True, observed=True):
        sent = own[own["source"] == "live"]
        tokens = [f"{int(sent[name].sum()):,}" for name in ("prompt_tokens", "completion_tokens")]
        usd = "unpriced" if sent["cost_usd"].isna().any() else f"{sent['cost_usd'].sum():.4f}"
        rows.append((str(prompt), f"{len(own):,}", *tokens, usd, f"{int((~own['valid']).sum()):,}"))
    return rows


def _summed(calls: pd.DataFrame) -> Totals:
    live = calls[calls["source"] == "live"]
    return Totals(
        calls=len(calls),
        sent=len(live),
        stored=int((calls["source"] == "store").sum()),
        shared=int((calls["source"] == "shared").sum()),
        prompt_tokens=int(live["prompt_tokens"].sum()),
        completion_tokens=int(live["completion_tokens"].sum()),
        usd=float(live["cost_usd"].sum()),
        unpriced=int(live["cost_usd"].isna().sum()),
        invalid=int((~calls["valid"]).sum()),
    )
