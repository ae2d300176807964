"""The manifest of a run: what is needed to know what it was, and to repeat it."""

from __future__ import annotations

import platform
from hashlib import file_digest
from math import isnan
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.installed import version_of
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.experiments.crowd_results import crowd_findings, records_told
from mesa_llm_city.experiments.findings import findings, of_residents, recorded
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.policy_files import named_files
from mesa_llm_city.llm import LLM
from mesa_llm_city.policies import Policy
from mesa_llm_city.simulation.outsiders import residents_of
from mesa_llm_city.simulation.saving import read_head

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from mesa_llm_city.population import Population
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["calls_of", "manifest", "sha256_of", "versions", "who_answered"]

NO_LANGUAGE_MODEL = "no language model was used"

_LIBRARIES = (
    "mesa-llm-city",
    "mesa",
    "numpy",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "pyarrow",
)
# They change no result; and parameters have a key of their own.
_NOT_IN_CONFIG = frozenset(
    {
        *("out", "force", "resume", "yes", "record", "parameters", "skip_check", "no_limit"),
        *("save_every", "from_save", "stream"),
    }
)
# Column of the table of decisions that says who decided.
_SOURCE = "source"


def manifest(
    model: CityModel,
    people: Population,
    options: RunOptions,
    frames: Mapping[str, pd.DataFrame],
    *,
    cpu_s: Mapping[str, float],
    fingerprint: str,
) -> dict[str, Any]:
    """Describe a finished run.

    Parameters
    ----------
    model : CityModel
        The model after its last step.
    people : Population
        The people of the run.
    options : RunOptions
        Options of the run.
    frames : mapping of str to pandas.DataFrame
        The tables by name, in the order of their digest, without geometry.
    cpu_s : mapping of str to float
        CPU seconds by stage.
    fingerprint : str
        Digest of the tables.

    Returns
    -------
    dict
        JSON-able; the keys are described in ``docs/reference/outputs.md``.
    """
    sources = _decision_sources(frames["decisions"])
    asked = options.to_dict()
    return {
        "config": {name: one for name, one in asked.items() if name not in _NOT_IN_CONFIG},
        "parameters": asked["parameters"],
        "seed": model.run_seed,
        "start": str(model.clock.start),
        "days": options.days,
        **_from_save(options),
        **_acts(model),
        "people": len(people),
        **_outsiders(people),
        **crowd_findings(model),
        **records_told(model.records),
        "decision_sources": sources,
        "language_model": who_answered(model.llm, sources[str(DecisionSource.PROMPT)]),
        "calls": calls_of(model.llm),
        **_policies(model, options),
        "counts": {name: len(frame) for name, frame in frames.items()},
        "findings": findings(
            of_residents(frames, people),
            people=len(recorded(residents_of(people), model.records.sample)),
            days=options.days,
            parameters=model.parameters,
        ),
        "city": _city(model),
        "population": _population(people),
        "inputs": _inputs(model, options),
        "fitted": [one.model_dump() for one in options.fitted],
        "versions": versions(),
        "cpu_s": {stage: round(seconds, 3) for stage, seconds in cpu_s.items()},
        "digest": fingerprint,
    }


def _from_save(options: RunOptions) -> dict[str, dict[str, Any]]:
    """Return which save the run went on from; nothing if it began at its first midnight."""
    if options.from_save is None:
        return {}
    head = read_head(options.from_save)
    told = {name: head[name] for name in ("moment", "mesa", "package")}
    return {"from_save": {"folder": options.from_save.name, **told}}


def _acts(model: CityModel) -> dict[str, list[dict[str, Any]]]:
    """Return what was done to the model by hand while it ran; nothing if nothing was."""
    return {"acts": [one._asdict() for one in model.acts]} if model.acts else {}


def _policies(model: CityModel, options: RunOptions) -> dict[str, dict[str, Any]]:
    """Return what the policies of a run were compiled from; nothing without any."""
    sums = {name: sha256_of(file) for name, file in named_files(options).items()}
    told = {
        name: {**one.card.to_json(), "sha256": sums.get(name)}
        for name, one in sorted(model.policies.items())
        if isinstance(one, Policy)
    }
    return {"policies": told} if told else {}


def _outsiders(people: Population) -> dict[str, dict[str, int]]:
    """Count those who enter from outside by role; nothing without any."""
    roles = [str(one.outsider.role) for one in people if one.outsider is not None]
    return {"outsiders": {role: roles.count(role) for role in sorted(set(roles))}} if roles else {}


def _decision_sources(decisions: pd.DataFrame) -> dict[str, int]:
    """Count decisions by rule, by prompt, and by policies and trained models if there are any."""
    source = decisions[_SOURCE].astype(str)
    usual = [str(one) for one in (DecisionSource.RULE, DecisionSource.PROMPT)]
    names = [*usual, *sorted(set(source) - set(usual))]
    return {one: int((source == one).sum()) for one in names}


def who_answered(llm: Backend | None, asked: int) -> str:
    """Return in words which language model decided, and how often.

    Parameters
    ----------
    llm : Backend or None
        What answered the questions of a model.
    asked : int
        Number of decisions by prompt.
    """
    if not isinstance(llm, LLM):
        return NO_LANGUAGE_MODEL
    how = "a recording of " if llm.mode == "replay" else ""
    return f"{asked} decisions by {how}{', '.join(_models(llm))}"


def _models(llm: LLM) -> list[str]:
    return sorted({llm.spec.model, *(one.model for one in llm.models.values())})


def calls_of(llm: Backend | None) -> dict[str, Any] | None:
    """Return what was asked of which models, with which prompts, and what it cost."""
    if not isinstance(llm, LLM):
        return None
    prompts = {
        name: f"{llm.library[name].label} {llm.library[name].digest}" for name in _asked(llm)
    }
    asked = {"models": _models(llm), "mode": llm.mode, "prompts": prompts}
    learnt = {"refused": llm.refused, "times_resumed": llm.times_resumed}
    return {**asked, **learnt, **llm.totals()._asdict(), "spent_in_all": dict(llm.spent())}


def _asked(llm: LLM) -> list[str]:
    named = {one.prompt.partition("@")[0] for one in llm.ledger.calls() if one.minute >= 0}
    return sorted(named)


def _city(model: CityModel) -> dict[str, Any]:
    city = model.city
    return {
        "name": city.name,
        "crs": city.crs,
        "places": len(city.places),
        "zones": len(city.zones),
        "stations": len(city.stations),
        "no_place_for": list(city.lacking),
        "notes": list(city.notes),
    }


def _population(people: Population) -> dict[str, Any]:
    worst = people.fit_report().max_difference
    return {
        "largest_difference_to_marginals": None if isnan(worst) else round(worst, 4),
        "assumptions": list(people.assumptions),
    }


def _inputs(model: CityModel, options: RunOptions) -> list[dict[str, str]]:
    """Return name and SHA-256 of every file that was read."""
    found = list(model.city.inputs)
    tables = (options.people, options.households, options.outsiders)
    found += [(table.name, sha256_of(table)) for table in tables if table is not None]
    return [{"file": name, "sha256": checksum} for name, checksum in found]


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that results depend on."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in _LIBRARIES}}
