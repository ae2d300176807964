"""The folder of a comparison of twins: predictions, scores, manifest, picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.experiments.atomic_output import MANIFEST, atomic_folder
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.picture_file import picture_file
from mesa_llm_city.experiments.twins.twins import MODEL, Twins

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_twins", "write_twins"]

_PICTURE = "twins.png"
_OWN, _OTHER = "#4477AA", "#BBBBBB"
_SHOWN = ("accuracy", "correlation", "variance")


def write_twins(
    twins: Twins, folder: Path, *, facts: Mapping[str, Any] | None = None, force: bool = False
) -> Path:
    """Write ``predictions.csv``, ``scores.csv``, ``by_question.csv``, manifest and picture.

    Parameters
    ----------
    twins : Twins
        The predictions.
    folder : Path
        Where they go; it appears whole or not at all.
    facts : mapping, optional
        What the manifest says besides: table, seed, language model.
    force : bool, default False
        Whether earlier results are replaced.

    Returns
    -------
    Path
        The folder.
    """
    with atomic_folder(folder, force=force) as out:
        tables = {
            "predictions": twins.predictions(),
            "scores": twins.scores(),
            "by_question": twins.by_question().rename_axis(index="question").reset_index(),
        }
        for name, table in tables.items():
            (out.partial / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
        if twins.reasons:
            lines = [
                {"person": one, "reason": reason}
                for one, reason in zip(twins.people.ids, twins.reasons, strict=True)
            ]
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            (out.partial / "reasons.jsonl").write_text(text, encoding="utf-8")
        manifest = {
            "what": "digital twins",
            "decided_by": "language model" if MODEL in twins.said else "naive methods alone",
            "respondents": len(twins.people),
            "held_out": [twins.people.questions[at].name for at in twins.columns],
            "notes": list(twins.notes()),
            **(facts or {}),
        }
        text = json.dumps(manifest, indent=1, default=str, ensure_ascii=False)
        (out.partial / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        with picture_file(out.partial / _PICTURE) as path:
            draw_twins(twins).savefig(path, dpi=110)
    return out.folder


def draw_twins(twins: Twins) -> Figure:
    """Draw accuracy, correlation and variance of all methods, with their intervals."""
    from matplotlib.figure import Figure

    found = twins.scores()
    methods = list(twins.said)[::-1]
    sheet = Figure(figsize=(10.0, 1.4 + 0.4 * len(methods)), layout="constrained")
    panels = sheet.subplots(1, len(_SHOWN), sharey=True)
    for axes, measure in zip(panels, _SHOWN, strict=True):
        rows = found[found["measure"] == measure].set_index("method").loc[methods]
        value = rows["value"].to_numpy()
        half = np.nan_to_num((rows["high"] - rows["low"]).to_numpy() / 2.0)
        colours = [_OWN if one == MODEL else _OTHER for one in methods]
        axes.barh(methods, np.nan_to_num(value), xerr=half, color=colours, height=0.65)
        for at, one in enumerate(value):
            if np.isnan(one):
                axes.text(0.01, at, "none: the same of everybody", va="center", fontsize=8)
        axes.set_title(
            {"accuracy": "Accuracy", "correlation": "Correlation over people"}.get(
                measure, "Variance, truth = 1"
            ),
            fontsize=10,
        )
        axes.spines[["top", "right"]].set_visible(False)
        if measure == "variance":
            axes.axvline(1.0, color="black", linewidth=0.8, linestyle=":")
    count = len(twins.columns)
    sheet.suptitle(
        f"Held-out answers to {count} question{'s' * (count > 1)} of {len(twins.people):,} "
        "respondents; bars end at 95 % intervals",
        fontsize=10,
    )
    return sheet
