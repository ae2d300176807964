"""The folder of a check of traits: effects, manifest, picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.experiments.atomic_output import MANIFEST, atomic_folder
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.picture_file import picture_file
from mesa_llm_city.experiments.traits.signs import BEHAVIOURS
from mesa_llm_city.experiments.traits.trait_check import TraitCheck, gap_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_traits", "write_traits"]

_AS_PUBLISHED, _OTHER, _OPEN = "#228833", "#CC3311", "#777777"


def write_traits(
    check: TraitCheck, folder: Path, *, facts: Mapping[str, Any] | None = None, force: bool = False
) -> Path:
    """Write ``effects.csv``, manifest and picture into a folder, whole or not at all.

    Parameters
    ----------
    check : TraitCheck
        What was found.
    folder : Path
        The folder.
    facts : mapping, optional
        What the manifest says besides.
    force : bool, default False
        Whether earlier results are replaced.
    """
    with atomic_folder(folder, force=force) as out:
        (out.partial / "effects.csv").write_text(csv_text(check.effects), encoding="utf-8")
        manifest = {"what": "traits and behaviour", "decided_by": check.decided_by, **(facts or {})}
        text = json.dumps(manifest, indent=1, default=str, ensure_ascii=False)
        (out.partial / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        with picture_file(out.partial / "traits.png") as path:
            draw_traits(check).savefig(path, dpi=110)
    return out.folder


def draw_traits(check: TraitCheck) -> Figure:
    """Draw the gap of each published pair in standard deviations, beside the published one."""
    from matplotlib.figure import Figure

    rows = check.effects[check.effects["published"].notna()].iloc[::-1]
    sheet = Figure(figsize=(9.0, 1.5 + 0.42 * len(rows)), layout="constrained")
    axes = sheet.subplots()
    at = np.arange(len(rows))
    scale = (rows["gap_sd"] / rows["difference"].where(rows["difference"] != 0.0)).to_numpy()
    half = np.abs((rows["to"] - rows["from"]).to_numpy() / 2.0 * scale)
    colours = [_colour(str(one)) for one in rows["verdict"]]
    middle = rows["gap_sd"].to_numpy()
    ends = np.nan_to_num(half)
    axes.hlines(at, middle - ends, middle + ends, colors=colours, linewidth=2.0)
    axes.scatter(rows["gap_sd"], at, c=colours, zorder=3)
    known = rows["published_correlation"].to_numpy(dtype=np.float64)
    axes.scatter(
        gap_of(known), at, marker="|", s=180, c="black", label="published, where a figure is"
    )
    names = [
        f"{trait}: {BEHAVIOURS[str(behaviour)]}"
        for trait, behaviour in zip(rows["trait"], rows["behaviour"], strict=True)
    ]
    axes.set_yticks(at, names)
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set_xlabel("high less low, in standard deviations between persons; lines: 95 % intervals")
    axes.set_title(
        f"Does a trait change what people do? Decided by {check.decided_by}", fontsize=10
    )
    axes.spines[["top", "right"]].set_visible(False)
    sheet.legend(frameon=False, loc="outside lower center", fontsize=8)
    return sheet


def _colour(verdict: str) -> str:
    if verdict.endswith("as published"):
        return _AS_PUBLISHED
    return _OPEN if verdict == "not seen" else _OTHER
