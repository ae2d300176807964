"""Return migration on the command line: ``mesa-llm-city run return_migration`` and ``serve``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.models.return_migration.model import ReturnMigration
from mesa_llm_city.models.return_migration.pictures import country_figure, draw_country

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.migration.models.checkpoint import saved_schema
from mesa_llm_city.migration.survey.sampling import draw_people
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FOLDER", "PAGE", "draw", "make", "people_of", "remade", "simulate"]

FOLDER = Path("runs", "return_migration")
"""Where results are written by default."""

PAGE = "mesa_llm_city.models.return_migration.page"
"""Module of the page in the browser."""

_DECISION, _DATA = "decision", "data"


def make(options: Mapping[str, Any], **changes: Any) -> ReturnMigration:  # noqa: ANN401 - of any option
    """Return the model.

    Parameters
    ----------
    options : mapping
        Options of `ReturnMigration`, and parameters by dotted name. ``decision`` is ``"rule"`` or
        the folder of a trained model, ``data`` a file of survey rows; with ``persons`` so many
        are drawn from it by its weights.
    **changes
        Options that replace those of `options`.

    Raises
    ------
    CityError
        If an option is unknown or impossible, or a file has defects.
    """
    given = {**options, **changes}
    decision, data = given.pop(_DECISION, "rule"), given.pop(_DATA, None)
    survey = None if data is None else people_of(str(decision), Path(data))
    if survey is not None and "persons" in given:
        survey = draw_people(survey, int(given["persons"]), seed=int(given.get("rng") or 0))
    what = "rule" if decision == "rule" else Path(decision)
    try:
        return ReturnMigration(what, survey=survey, **given)
    except TypeError as error:
        message = f"an option of return_migration has a value of another kind: {error}"
        raise ConfigError(message) from error


def people_of(decision: str, data: Path) -> SurveyTable:
    """Return people of a file, read with the schema of the model that decides."""
    return read_survey(data, chfs() if decision == "rule" else saved_schema(decision))


def remade(manifest: Mapping[str, Any]) -> ReturnMigration:
    """Return the model of a run at its start, by what its manifest says."""
    return make(manifest["options"], rng=manifest["seed"])


def draw(model: ReturnMigration) -> Figure:
    """Return the picture of a run."""
    drawn: Figure = country_figure(model)
    return drawn


def simulate(options: Mapping[str, Any], folder: Path | None = None) -> list[str]:
    """Run the model to its end; leave tables, a picture and a manifest.

    Parameters
    ----------
    options : mapping
        Options, as for `make`.
    folder : Path, optional
        Folder of the results.

    Returns
    -------
    list of str
        Key figures and where the results are, a line each.
    """
    out = FOLDER if folder is None else folder
    model = make(options)
    while model.running:
        model.step()
    people = options.get(_DATA)
    manifest = {
        "model": "return_migration",
        "decided_by": model.decision.name,
        "people": "invented" if people is None else str(people),
        "seed": options.get("rng"),
        "years": model.years,
        "rural_subsidy": model.rural_subsidy,
        "hukou_reform": model.hukou_reform,
        "options": {name: at for name, at in options.items() if name != "rng"},
        "digest": model.digest(),
    }
    _write(out, model, manifest)
    return _told(model, manifest, out)


def _write(out: Path, model: ReturnMigration, manifest: Mapping[str, Any]) -> None:
    texts = {
        "history.csv": csv_text(model.history()),
        "moves.csv": csv_text(model.moves()),
        "manifest.json": json.dumps(manifest, indent=1, default=str) + "\n",
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    draw_country(model, out / "country.png", title=_title(manifest))


def _told(model: ReturnMigration, manifest: Mapping[str, Any], out: Path) -> list[str]:
    start = model.history()["home_share"].iloc[0]
    return [
        f"decided by  {manifest['decided_by']}",
        f"people      {len(model.migrants):,}, {manifest['people']}",
        f"at home     {start:.1%} after the first year",
        f"            {model.home_share:.1%} after {model.years} years",
        f"digest      {manifest['digest']}",
        f"results     {out}",
        f"picture     {out / 'country.png'}",
    ]


def _title(manifest: Mapping[str, Any]) -> str:
    policies = []
    if manifest["rural_subsidy"]:
        policies.append(f"subsidy of {manifest['rural_subsidy']:g} RMB a year")
    if manifest["hukou_reform"]:
        policies.append(f"hukou reform, {manifest['hukou_reform']:.0%} a year")
    return f"Decisions by {manifest['decided_by']}; {' and '.join(policies) or 'no policy'}"
