"""The result of a calibration: as a table, as text, as JSON, and in files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.calibration.compared import Compared, LeftOut
from mesa_llm_city.experiments.calibration.fit import Fitted
from mesa_llm_city.experiments.calibration.trial import TABLE
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.observed.cells import Source
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.text import to_text

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.population.time_use import TimeUseTable

__all__ = ["FILES", "Calibration"]

FILES = (
    *("parameters.toml", "time_use_table.csv"),
    *("calibration.json", "calibration.csv", "calibration.png"),
)
"""What is written into the folder of a calibration; the table only if one is in use."""

_HEADS = ("measure", "cells", "naive", "before", "after", "95 %", "against naive", "fit")
# Options of a run that are not those of the city, and are left to the next run.
_OF_ONE_RUN = frozenset(
    {"parameters", "fitted", "days", "seed", "out", "force", "resume", "yes", "skip_check"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Parameters that were fitted, and how well they do.

    Parameters
    ----------
    options : RunOptions
        City, people, days and seed of the runs.
    parameters : CityParameters
        What was found.
    table : TimeUseTable, optional
        The table of time use that goes with it; None if a built-in one does.
    compared : tuple of Compared
        Measures before and after.
    fitted : tuple of Fitted
        What was fitted, and how many numbers.
    left_out : tuple of LeftOut
        What was not.
    sources : tuple of Source
        The files.
    families : tuple of Family
        All measures after the fit, for the picture.
    log : tuple of mapping of str to float
        Errors of each run of the fit, by target; the first is that before the fit.
    runs : int
        Number of runs in all.
    measured_with : int
        Seed of the runs that `compared` is about.
    draws : int
        Number of resamples of persons behind the intervals.
    stopped : str
        Why the fit ended.
    """

    options: RunOptions
    parameters: CityParameters
    table: TimeUseTable | None
    compared: tuple[Compared, ...]
    fitted: tuple[Fitted, ...]
    left_out: tuple[LeftOut, ...]
    sources: tuple[Source, ...]
    families: tuple[Family, ...]
    log: tuple[Mapping[str, float], ...]
    runs: int
    measured_with: int
    draws: int
    stopped: str

    @property
    def is_complete(self) -> bool:
        """Whether it was not interrupted."""
        return self.stopped != "interrupted"

    def after(self, target: str, *, left_out: bool = False) -> Measure:
        """Return the first measure of a target after the fit.

        Raises
        ------
        KeyError
            If there is none.
        """
        for one in self.compared:
            if one.target == target and one.is_left_out == left_out:
                return one.after
        message = f"there is no measure of {target!r} of cells that were " + (
            "left out" if left_out else "fitted"
        )
        raise KeyError(message)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per measure."""
        import pandas as pd

        return pd.DataFrame([one.to_row() for one in self.compared])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "setting": self._setting(),
            "fitted": [
                {"target": one.target, "what": one.what, "numbers": one.numbers, "to": one.to}
                for one in self.fitted
            ],
            "left_out": [
                {"target": one.target, "names": list(one.names), "unused": list(one.unused)}
                for one in self.left_out
            ],
            "observed": [one.to_dict() for one in self.sources],
            "intervals": f"95 %, bootstrap over persons, {self.draws} resamples",
            "measures": [one.to_dict() for one in self.compared],
            "runs": [dict(one) for one in self.log],
            "parameters_changed": self._portable(Path()).changed(),
        }

    def text(self) -> str:
        """Return the report as a page for the terminal."""
        cells: list[tuple[str, ...]] = [_HEADS]
        heads: dict[int, str] = {}
        for one in self.compared:
            if one.target not in heads.values():
                heads[len(cells)] = one.target
            cells.append(_cells(one))
        widths = [max(len(row[at]) for row in cells) for at in range(len(_HEADS))]
        lines = [*self.lines(), ""]
        for at, row in enumerate(cells):
            lines += [heads[at]] if at in heads else []
            lines.append("  ".join(map(str.ljust, row, widths)).rstrip())
        lines += ["", f"95 %: of the value after, bootstrap over persons, {self.draws} resamples"]
        return "\n".join(lines)

    def lines(self) -> Iterator[str]:
        """Yield what a reader must know to judge the figures, for terminal and picture."""
        options = self.options
        people = _people_of(options)
        length = "1 day" if options.days == 1 else f"{options.days} days"
        yield f"city     {options.model}, {people}, {length} from {options.start}"
        yield f"decided  every choice by rules; seed {options.seed} in the fit, {self.runs} runs"
        for one in self.fitted:
            yield (
                f"fitted   {one.target}: {one.numbers:,} numbers to {one.to:,} observed: {one.what}"
            )
        for part in self.left_out:
            yield f"left out {part}"
        files = [f"{one.file} (sha256 {one.sha256[:12]})" for one in self.sources]
        yield f"data     {', '.join(files)}"
        yield f"ended    {self.stopped}"
        fresh = (
            "in which nothing was fitted"
            if self.measured_with != options.seed
            else ("in which the fit was made, so that noise was fitted too")
        )
        yield f"measured with seed {self.measured_with}, {fresh}"

    def write(self, folder: Path) -> None:
        """Write the parameters, the report and the picture.

        Parameters
        ----------
        folder : Path
            Made if it does not exist; files of an earlier calibration are replaced.

        Raises
        ------
        ConfigError
            If nothing can be written there.
        """
        from mesa_llm_city.experiments.calibration.picture import draw_calibration

        names = dict(zip(("toml", "table", "json", "csv", "png"), FILES, strict=True))
        report = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self.table is not None:
                self.table.write(folder / names["table"])
            (folder / names["toml"]).write_text(self.to_toml(folder), encoding="utf-8")
            (folder / names["json"]).write_text(f"{report}\n", encoding="utf-8")
            (folder / names["csv"]).write_text(csv_text(self.to_frame()), encoding="utf-8")
            draw_calibration([*self.lines()], self.compared, self.log, self.families).savefig(
                folder / names["png"]
            )
        except OSError as error:
            message = (
                f"out: the calibration cannot be written to {folder} "
                f"({error.strerror or error}); choose another folder"
            )
            raise ConfigError(message) from error

    def to_toml(self, folder: Path) -> str:
        """Return options of the city with the parameters found, as ``--config`` reads them.

        Parameters
        ----------
        folder : Path
            Where the file will lie; paths in it start from there.
        """
        comments = [f"# {line}" for line in self.lines()]
        options = [f"{name} = {to_text(one)}" for name, one in self._city_options(folder)]
        fitted = [
            f"[[fitted]]\nfile = {to_text(one.file)}\nsha256 = {to_text(one.sha256)}\n"
            for one in self.sources
        ]
        head = "\n".join([*comments, "", *options])
        return "\n\n".join([head, *fitted, self._portable(folder).to_toml()])

    def _city_options(self, folder: Path) -> Iterator[tuple[str, object]]:
        """Yield the options of the city, with paths that start from a folder."""
        given = self.options.model_dump(mode="json", include=self.options.model_fields_set)
        kept = {name: one for name, one in given.items() if name not in _OF_ONE_RUN}
        for name, one in kept.items():
            about = RunOptions.model_fields[name].json_schema_extra
            if one is None or (isinstance(one, list | tuple) and not one):
                continue
            is_path = isinstance(about, dict) and bool(about["is_path"])
            yield name, _from_folder(one, folder) if is_path else one

    def _portable(self, folder: Path) -> CityParameters:
        """Return the parameters with the table of time use beside the file that names it."""
        del folder
        return self.parameters if self.table is None else self.parameters.with_(TABLE, FILES[1])

    def _setting(self) -> dict[str, Any]:
        options = self.options
        return {
            "model": options.model,
            "people": _people_of(options),
            "days": options.days,
            "start": str(options.start),
            "decided": "every choice by rules",
            "seed": options.seed,
            "measured_with_seed": self.measured_with,
            "runs": self.runs,
            "ended": self.stopped,
        }


def _people_of(options: RunOptions) -> str:
    """Return how many people live in the city, in words."""
    return f"{options.citizens:,} people" if options.people is None else options.people.name


def _from_folder(given: object, folder: Path) -> object:
    if isinstance(given, list | tuple):
        return [_from_folder(one, folder) for one in given]
    return Path(relpath(str(given), folder)).as_posix()


def _cells(one: Compared) -> tuple[str, ...]:
    after = one.after
    unit = f" ({after.unit})" if after.unit else ""
    naive = next(iter(after.naive.values()), None)
    return (
        f"  {after.name}{unit}",
        one.cells,
        "" if naive is None else f"{naive:.3g}",
        f"{one.before.value:.3g}",
        f"{after.value:.3g}",
        f"{after.interval[0]:.3g} to {after.interval[1]:.3g}",
        _loud(after.verdict),
        _loud(one.verdict),
    )


def _loud(verdict: str) -> str:
    return verdict.upper() if verdict == "worse" else verdict
