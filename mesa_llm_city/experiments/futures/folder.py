"""The folder of a fork: differences, who is touched, tables, a picture and a manifest."""

from __future__ import annotations

import json
from math import isnan
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.atomic_output import MANIFEST, atomic_folder
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.futures.lived import since
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.picture import draw_futures
from mesa_llm_city.experiments.manifest import versions
from mesa_llm_city.experiments.picture_file import picture_file

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from mesa_llm_city.experiments.futures.comparisons import Comparisons

__all__ = ["write_futures"]

_TABLES = ("activities", "trips", "visits", "conversations", "decisions")
_IF_ANY = ("events", "messages", "interventions")
_DPI = 130


def write_futures(futures: Comparisons, folder: Path, *, force: bool = False) -> Path:
    """Write all that a fork leaves behind, and return where it is.

    For each future but the first there are ``NAME_MEASURE.csv`` for each of `MEASURES`,
    ``NAME_touched.csv`` with a column ``replicate``, and ``NAME.png``; for all together
    ``activities.parquet`` and so on, with the rows since the fork and columns ``future`` and
    ``replicate``; and ``manifest.json``.

    Parameters
    ----------
    futures : Comparisons
        The futures.
    folder : Path
        Where to.
    force : bool, default False
        Whether to replace earlier results.

    Raises
    ------
    ConfigError
        If the folder may not be replaced, or files cannot be written.
    """
    with atomic_folder(folder, force=force) as output:
        try:
            for name in futures.others:
                _write_differences(futures, name, output.partial)
            for table in (*_TABLES, *_IF_ANY):
                rows = _all_rows(futures, table)
                if table in _TABLES or len(rows):
                    rows.to_parquet(output.partial / f"{table}.parquet", index=False)
            text = json.dumps(_manifest(futures), indent=2, ensure_ascii=False, allow_nan=False)
            (output.partial / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            message = (
                f"out: the results cannot be written to {folder} ({error.strerror or error}); "
                "make room, or choose another folder"
            )
            raise ConfigError(message) from error
        _draw(futures, output.partial)
    return output.folder


def _write_differences(futures: Comparisons, name: str, folder: Path) -> None:
    for measure in MEASURES:
        rows = futures.difference(measure, name).reset_index()
        _write(rows, folder / f"{_file(name)}_{_file(measure)}.csv")
    _write(_touched(futures, name), folder / f"{_file(name)}_touched.csv")


def _touched(futures: Comparisons, name: str) -> pd.DataFrame:
    """Return who is touched in each replicate."""
    import pandas as pd

    return pd.concat(
        [
            futures.touched(name, replicate=number).assign(replicate=number)
            for number in range(1, len(futures.seeds) + 1)
        ],
        ignore_index=True,
    )


def _all_rows(futures: Comparisons, table: str) -> pd.DataFrame:
    """Return the rows of a table since the fork, of all futures and replicates."""
    import pandas as pd

    parts = [
        since(model.clock, getattr(model, table)(), futures.minute).assign(
            future=name, replicate=number
        )
        for name, models in futures.models.items()
        for number, model in enumerate(models, start=1)
    ]
    rows: pd.DataFrame = pd.concat([pd.DataFrame(one) for one in parts], ignore_index=True)
    return rows.drop(columns="geometry", errors="ignore")


def _manifest(futures: Comparisons) -> dict[str, Any]:
    """Return what the fork was, as plain values."""
    first = next(iter(futures.models))
    model = futures.models[first][0]
    shares = {name: futures.share_touched(name) for name in futures.others}
    return {
        "kind": "fork",
        "forked_at_min": futures.minute,
        "forked_at": str(model.clock.at(futures.minute)),
        "until": str(model.clock.at(model.minute)),
        "against": first,
        "changes": {name: list(words) for name, words in futures.changes.items()},
        "seeds": list(futures.seeds),
        "people": len(model.population),
        "share_touched": {
            name: {key: None if isnan(one) else round(one, 6) for key, one in share.items()}
            for name, share in shares.items()
        },
        "digest_until_fork": model.digest(until=futures.minute),
        "digests": {
            name: [one.digest() for one in models] for name, models in futures.models.items()
        },
        "versions": versions(),
    }


def _draw(futures: Comparisons, folder: Path) -> None:
    first = next(iter(futures.models))
    for name in futures.others:
        with picture_file(folder / f"{_file(name)}.png") as picture:
            draw_futures(futures, name, against=first).savefig(picture, dpi=_DPI)


def _write(rows: pd.DataFrame, file: Path) -> None:
    file.write_text(csv_text(rows), encoding="utf-8")


def _file(name: str) -> str:
    """Return a name as part of a file name."""
    return "".join(one if one.isalnum() or one in "-_" else "_" for one in name)
