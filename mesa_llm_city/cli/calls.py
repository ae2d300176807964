"""The ledger of a run as a table: ``mesa-llm-city calls RUN_DIR``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["told_calls"]

_COLUMNS = (
    "calls",
    "live",
    "stored",
    "tries",
    "prompt",
    "cached",
    "answer",
    "usd",
    "invalid",
    "repaired",
    "median_s",
    "p95_s",
)


def told_calls(folder: Path, *, as_json: bool = False) -> str:
    """Return the calls of a run by prompt and model, and all together.

    Parameters
    ----------
    folder : Path
        Folder of a run.
    as_json : bool, default False
        Whether to return a JSON list rather than a table.

    Raises
    ------
    ConfigError
        If the folder holds no ledger.
    """
    rows = _rows(_ledger(folder))
    if as_json:
        return json.dumps(rows, indent=2)
    heads = ("prompt of", "model", *_COLUMNS)
    lines = [heads, *([_cell(row[name]) for name in row] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return "\n".join(_line(line, widths) for line in lines)


def _ledger(folder: Path) -> pd.DataFrame:
    import pandas as pd

    from mesa_llm_city.core.errors import ConfigError

    file = folder / "calls.parquet"
    if not file.is_file():
        known = (folder / "manifest.json").is_file()
        why = "by rules, so nothing was asked" if known else "is no folder of a run"
        told = f"{folder} was a run {why}" if known else f"{folder} {why}"
        message = f"{told}; give the folder of a run with --mind prompt"
        raise ConfigError(message)
    return pd.read_parquet(file)


def _rows(ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """Return figures for each prompt and model, the sum last."""
    groups = ledger.groupby(["prompt", "model"], sort=True)
    rows = [
        {"prompt of": str(prompt), "model": str(model), **_figures(some)}
        for (prompt, model), some in groups
    ]
    return [*rows, {"prompt of": "all", "model": "", **_figures(ledger)}]


def _figures(calls: pd.DataFrame) -> dict[str, Any]:
    live = calls[calls["source"] == "live"]
    usd = live["cost_usd"]
    return {
        "calls": len(calls),
        "live": len(live),
        "stored": int((calls["source"] == "store").sum()),
        "tries": int(live["tries"].sum()),
        "prompt": int(live["prompt_tokens"].sum()),
        "cached": int(live["cached_tokens"].sum()),
        "answer": int(live["completion_tokens"].sum()),
        "usd": None if usd.isna().any() else round(float(usd.sum()), 6),
        "invalid": int((~calls["valid"]).sum()),
        "repaired": int(calls["repaired"].sum()),
        "median_s": _quantile(live["latency_s"], 0.5),
        "p95_s": _quantile(live["latency_s"], 0.95),
    }


def _quantile(values: pd.Series[float], share: float) -> float | None:
    return round(float(values.quantile(share)), 3) if len(values) else None


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _line(cells: Sequence[str], widths: list[int]) -> str:
    """Return a line of a table, names to the left and numbers to the right."""
    named = 2
    left = [one.ljust(width) for one, width in zip(cells[:named], widths, strict=False)]
    right = [one.rjust(width) for one, width in zip(cells[named:], widths[named:], strict=True)]
    return "  ".join([*left, *right]).rstrip()
