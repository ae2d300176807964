"""What makes a decision reproduce observed yearly flows: horizons and intercepts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.file_sums import file_sum
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.flows.grouping import Grouping
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["FLOWS_FILE", "FlowCalibration", "fingerprint_of", "flows_of"]

FLOWS_FILE = "flows.json"
"""Name of the file of a calibration in the folder of a model."""

_KIND = "flow calibration"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCalibration:
    """Horizons and intercepts of a `MigrationDecision`, solved for observed yearly flows.

    Parameters
    ----------
    years_at_risk, years_at_home : float
        Horizons in years, at least 1; they replace those of the parameters.
    intercept : float, default 0.0
        Log odds added to the probability of everybody.
    grouping : Grouping, optional
        Columns of the groups of `intercepts`.
    intercepts : mapping of str to float
        Log odds added to the probability of each group, by its key; 0 for other groups.
    notes : tuple of str
        How it was solved, and what could not be reached.
    model : str, default ""
        Fingerprint of the model that it was solved for (see `fingerprint_of`); empty if unknown.

    Raises
    ------
    ConfigError
        If a number is outside its range, or there are intercepts without groups.

    Examples
    --------
    >>> calibration = FlowCalibration(years_at_risk=12.5, years_at_home=14.0)
    >>> FlowCalibration.from_json(calibration.to_json()) == calibration
    True
    """

    years_at_risk: float
    years_at_home: float
    intercept: float = 0.0
    grouping: Grouping | None = None
    intercepts: Mapping[str, float] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()
    model: str = ""

    def __post_init__(self) -> None:
        """Check all numbers, and list all defects."""
        wrong = [
            f"{name} must be a number of years of at least 1, got {getattr(self, name)}"
            for name in ("years_at_risk", "years_at_home")
            if not 1.0 <= getattr(self, name) < float("inf")
        ]
        wrong += [
            f"the intercept of {name or 'everybody'} must be finite, got {one}"
            for name, one in (("", self.intercept), *self.intercepts.items())
            if not isfinite(one)
        ]
        if self.intercepts and self.grouping is None:
            wrong.append("intercepts of groups need a grouping")
        if wrong:
            message = f"the calibration cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    def shift(self, table: SurveyTable) -> Float:
        """Return the log odds to add to the probability of each row, shape (n,)."""
        shift: Float = np.full(len(table), self.intercept)
        if self.grouping is not None:
            keys, number = self.grouping.groups_of(table)
            shift += np.array([self.intercepts.get(key, 0.0) for key in keys])[number]
        return shift

    def to_json(self) -> dict[str, Any]:
        """Return the calibration as values for JSON."""
        return {
            "kind": _KIND,
            "format": _FORMAT,
            "years_at_risk": self.years_at_risk,
            "years_at_home": self.years_at_home,
            "intercept": self.intercept,
            "grouping": None if self.grouping is None else self.grouping.to_json(),
            "intercepts": dict(self.intercepts),
            "notes": list(self.notes),
            "model": self.model,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the calibration that `to_json` wrote.

        Raises
        ------
        DataError
            If it is none.
        """
        try:
            if (content["kind"], content["format"]) != (_KIND, _FORMAT):
                message = f"it has kind {content['kind']!r} and format {content['format']!r}"
                raise ValueError(message)  # noqa: TRY301 - one way out for all that is wrong
            grouping = content["grouping"]
            return cls(
                years_at_risk=float(content["years_at_risk"]),
                years_at_home=float(content["years_at_home"]),
                intercept=float(content["intercept"]),
                grouping=None if grouping is None else Grouping.from_json(grouping),
                intercepts={str(k): float(v) for k, v in content["intercepts"].items()},
                notes=tuple(map(str, content["notes"])),
                model=str(content.get("model", "")),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"this is no calibration of flows ({error}); run `migration calibrate` again"
            raise DataError(message) from error

    def save(self, path: str | Path) -> Path:
        """Write the calibration as JSON to a file, or to ``flows.json`` in a folder.

        Raises
        ------
        DataError
            If it cannot be written.
        """
        target = _file(path)
        text = json.dumps(self.to_json(), indent=1, ensure_ascii=False, allow_nan=False)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            message = f"{target} cannot be written ({error.strerror}); choose another folder"
            raise DataError(message) from error
        return target

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If there is no such file, or it is no calibration.
        """
        source = _file(path)
        try:
            content = json.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            message = f"{source} cannot be read as a calibration of flows: {error}"
            raise DataError(message) from error
        return cls.from_json(content)


def flows_of(folder: str | Path) -> FlowCalibration | None:
    """Read the calibration in the folder of a model; None if there is none.

    Raises
    ------
    DataError
        If it cannot be read, or was solved for another model than decides here.
    """
    if not (Path(folder) / FLOWS_FILE).is_file():
        return None
    found = FlowCalibration.load(folder)
    if found.model and found.model != fingerprint_of(folder):
        message = (
            f"{Path(folder) / FLOWS_FILE} was solved for another model than decides in {folder}; "
            "run `migration calibrate` again, or remove the file"
        )
        raise DataError(message)
    return found


def fingerprint_of(folder: str | Path) -> str:
    """Return the SHA-256 of the record of the model in a folder that decides: its twin, if any."""
    from mesa_llm_city.migration.models.checkpoint import CONFIG, newest_record
    from mesa_llm_city.migration.models.loading import TWIN

    twin = Path(folder) / TWIN
    place = twin if (twin / CONFIG).is_file() else Path(folder)
    return file_sum(newest_record(place) / CONFIG)


def _file(path: str | Path) -> Path:
    path = Path(path)
    return path if path.suffix == ".json" else path / FLOWS_FILE
