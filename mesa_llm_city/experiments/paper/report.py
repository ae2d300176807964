"""The report of an experiment: what was measured, who decided, and the picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.paper.lived import Lived
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.specification import Experiment
from mesa_llm_city.experiments.validation.measure import Family, Measure
from mesa_llm_city.experiments.validation.result import Validation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Drawing", "Report", "notes_of_map", "nothing_to_compare_with", "report_of"]

Drawing = Callable[["Report"], "Figure"]
"""What makes the picture of a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an experiment found.

    Parameters
    ----------
    experiment : Experiment
        Which one.
    validation : Validation
        Measures with intervals and naive predictions, and where they come from.
    drawing : callable
        Makes the picture.
    notes : tuple of str
        What a reader must know besides.
    """

    experiment: Experiment
    validation: Validation
    drawing: Drawing
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Measure:
        """Return the measure of a name."""
        return self.validation[name]

    def family(self, name: str) -> Family:
        """Return the measures of a kind."""
        return next(one for one in self.validation.families if one.name == name)

    def heading(self) -> Iterator[str]:
        """Yield who decided what, with which data, a line each."""
        yield f"paper    {self.experiment.source}: {self.experiment.paper}"
        yield from self.validation.provenance.lines()

    def text(self) -> str:
        """Return the report as a page for the terminal."""
        title = f"{self.experiment.name}: {self.experiment.shows}"
        paper = next(self.heading())
        notes = [f"note     {note}" for note in self.notes]
        return "\n".join([title, paper, self.validation.text(), *notes])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        experiment = self.experiment
        return {
            "experiment": experiment.name,
            "shows": experiment.shows,
            "paper": {"where": experiment.source, "settings": experiment.paper},
            "notes": list(self.notes),
            **self.validation.to_dict(),
        }

    def write(self, folder: Path) -> Path:
        """Write ``NAME.json``, ``NAME.csv`` and ``NAME.png``, and return the last.

        Raises
        ------
        ConfigError
            If nothing can be written there.
        """
        contents = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        report, table, picture = (
            folder / f"{self.experiment.name}.{end}" for end in ("json", "csv", "png")
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            report.write_text(f"{contents}\n", encoding="utf-8")
            table.write_text(csv_text(self.validation.to_frame()), encoding="utf-8")
            self.drawing(self).savefig(picture)
        except OSError as error:
            message = (
                f"out: the report cannot be written to {folder} "
                f"({error.strerror or error}); choose another folder"
            )
            raise ConfigError(message) from error
        return picture


def report_of(
    setting: Setting,
    lived: Lived,
    families: Iterable[Family],
    drawing: Drawing,
    notes: Iterable[str] = (),
) -> Report:
    """Return the report of a run."""
    city = lived.manifest["city"]
    validation = Validation(
        provenance=lived.provenance, families=tuple(families), draws=setting.draws
    )
    return Report(
        experiment=setting.experiment,
        validation=validation,
        drawing=drawing,
        notes=(*notes, *notes_of_map(city.get("notes", ()), city["no_place_for"])),
    )


def nothing_to_compare_with(table: str) -> str:
    """Return the note of an experiment without an observed table."""
    return f"compared with nothing, since there is no {table}.csv: give its folder with --data"


def notes_of_map(notes: Iterable[str], lacking: Iterable[str]) -> Iterator[str]:
    """Yield what is known of a map, and what it lacks.

    Parameters
    ----------
    notes : iterable of str
        What was read, drawn or left out.
    lacking : iterable of str
        Purposes for which there is no place.
    """
    yield from (f"map: {note}" for note in notes)
    if names := ", ".join(lacking):
        yield f"map: no place for {names}; people stay at home instead"
