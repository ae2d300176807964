"""The command ``mesa-llm-city calls``: what a run asked of its language model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.llm.base import Completion

__all__ = ["calls", "calls_table"]

_LEDGER = "calls.parquet"
# Columns of the ledger that an answer fills, with their types; counts may be missing.
_OF_ANSWER = MappingProxyType(
    {
        **dict.fromkeys(("prompt", "model", "source"), "object"),
        "tries": "int64",
        **dict.fromkeys(("latency_s", "prompt_tokens", "cached_tokens"), "float64"),
        **dict.fromkeys(("completion_tokens", "cost_usd"), "float64"),
        **dict.fromkeys(("valid", "repaired"), "bool"),
    }
)
_UNFINISHED = "the run is not finished: these are the answers that are kept; go on with --resume"
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


def calls(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Summarise what a run asked of its language model, and what it cost."""
    with explained_errors():
        typer.echo(calls_table(folder, as_json=as_json))


def calls_table(folder: Path, *, as_json: bool = False) -> str:
    """Return the calls of a run by prompt and model, and all together.

    Parameters
    ----------
    folder : Path
        Folder of a run; of one that was broken off, the answers that are kept are counted.
    as_json : bool, default False
        Whether to return a JSON list rather than a table.

    Raises
    ------
    ConfigError
        If the folder holds neither a ledger nor answers.
    DataError
        If the ledger or the manifest is damaged, or the ledger is missing.
    """
    answers = _answers(folder)
    ledger = _ledger(folder) if answers is None else _paid_so_far(answers)
    rows = _rows(ledger)
    if as_json:
        return json.dumps(rows, indent=2)
    heads = ("prompt of", "model", *_COLUMNS)
    lines = [heads, *([_cell(row[name]) for name in row] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    notes = [] if answers is None else [_UNFINISHED]
    return "\n".join([*(_line(line, widths) for line in lines), *notes])


def _ledger(folder: Path) -> pd.DataFrame:
    """Return the ledger of a complete run."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.core.text_files import is_file
    from mesa_llm_city.experiments.saved_run import read_manifest
    from mesa_llm_city.experiments.saved_tables import read_table

    if not is_file(folder / _LEDGER) and read_manifest(folder).get("calls") is None:
        message = (
            f"{folder} was a run by rules, so nothing was asked; "
            "give the folder of a run with --mind prompt"
        )
        raise ConfigError(message)
    return read_table(folder, "calls")


def _answers(folder: Path) -> Path | None:
    """Return the answers of a run that is not finished, from its folder or that beside it."""
    from mesa_llm_city.core.text_files import is_file
    from mesa_llm_city.experiments.atomic_output import MANIFEST
    from mesa_llm_city.experiments.unfinished import ANSWERS, unfinished

    if any(is_file(folder / name) for name in (MANIFEST, _LEDGER)):
        return None
    files = (home / ANSWERS for home in (folder, unfinished(folder)))
    return next((file for file in files if is_file(file)), None)


def _paid_so_far(answers: Path) -> pd.DataFrame:
    """Return a row for each answer that is kept; the times of calls are not."""
    import pandas as pd

    from mesa_llm_city.llm import Store

    with Store(answers) as store:
        kept = [(one.request_parts(), one.completion()) for one in store]
    asked = {tuple(request["address"]) for request, _ in kept}
    rows = [
        {
            "prompt": request["address"][2],
            "model": request["model"],
            "source": "live",
            "tries": 1,
            "latency_s": float("nan"),
            "prompt_tokens": answer.prompt_tokens,
            "cached_tokens": answer.cached_tokens,
            "completion_tokens": answer.completion_tokens,
            "cost_usd": _cost(request["model"], answer),
            # Whoever was asked once more had given an answer that could not be used.
            "valid": (*request["address"][:4], request["address"][4] + 1) not in asked,
            "repaired": False,
        }
        for request, answer in kept
    ]
    return pd.DataFrame(rows, columns=list(_OF_ANSWER)).astype(dict(_OF_ANSWER))


def _cost(model: str, answer: Completion) -> float | None:
    """Return what an answer cost by the list of prices; None if it has no price or no size."""
    from mesa_llm_city.llm import PriceTable

    price = PriceTable().of(model)
    prompt, size = answer.prompt_tokens, answer.completion_tokens
    if answer.cost_usd is not None or price is None or prompt is None or size is None:
        return answer.cost_usd
    return price.of(prompt, size, answer.cached_tokens or 0)


def _rows(ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """Return figures for each prompt and model, the sum last."""
    groups = ledger.groupby(["prompt", "model"], sort=True)
    rows = [
        {"prompt of": str(prompt), "model": str(model), **_figures(some)}
        for (prompt, model), some in groups
    ]
    return [*rows, {"prompt of": "all", "model": "", **_figures(ledger)}]


def _figures(ledger: pd.DataFrame) -> dict[str, Any]:
    live = ledger[ledger["source"] == "live"]
    usd = live["cost_usd"]
    return {
        "calls": len(ledger),
        "live": len(live),
        "stored": int((ledger["source"] == "store").sum()),
        "tries": int(live["tries"].sum()),
        "prompt": int(live["prompt_tokens"].sum()),
        "cached": int(live["cached_tokens"].sum()),
        "answer": int(live["completion_tokens"].sum()),
        "usd": None if usd.isna().any() else round(float(usd.sum()), 6),
        "invalid": int((~ledger["valid"]).sum()),
        "repaired": int(ledger["repaired"].sum()),
        "median_s": _quantile(live["latency_s"], 0.5),
        "p95_s": _quantile(live["latency_s"], 0.95),
    }


def _quantile(values: pd.Series[float], share: float) -> float | None:
    return round(float(values.quantile(share)), 3) if values.notna().any() else None


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
