"""Fingerprints of the rows that a model was trained on, to tell whether rows were seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isnan, nan
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.copies import more_than_chance
from mesa_llm_city.migration.survey.households import household_keys
from mesa_llm_city.migration.survey.row_keys import row_keys
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["MOST_FINGERPRINTS", "SEPARATIONS", "Separation", "TrainingRows", "training_rows_of"]

MOST_FINGERPRINTS = 1_000_000
"""Most fingerprints kept of one set, 8 bytes each; of larger sets a random sample is kept."""

SEPARATIONS = ("seen", "given", "grouped", "unknown")
"""How rows are separated from those of training.

Rows were seen; households were seen, or are unknown; neither; no fingerprints are known.
"""

_PARTS = ("train", "val")
_SETS = tuple(f"{part}_{what}" for part in _PARTS for what in ("rows", "households"))
_RANGE = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How far rows were seen in training.

    Parameters
    ----------
    rows : int
        Number of rows.
    train_rows, val_rows : float
        Share of rows with the same answers as a training row, or as a row used for early
        stopping and calibration.
    train_chance, val_chance : float
        The same share among the training rows themselves (each with all others), and among
        the validation rows: with few columns of few codes, different people give the same
        answers.
    train_households, val_households : float
        Share of rows whose household was in these rows; NaN if households are unknown.
    train_seen, val_seen : bool
        Whether there are more equal rows than by chance.
    unit : str, default "household"
        What rows of one group are of, for the text.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(300, seed=1)
    >>> rows = TrainingRows.of(table.take(range(200)))
    >>> rows.separation(table.take(range(100))).found
    'seen'
    """

    rows: int
    train_rows: float
    val_rows: float
    train_chance: float
    val_chance: float
    train_households: float
    val_households: float
    train_seen: bool
    val_seen: bool
    unit: str = "household"

    @property
    def found(self) -> str:
        """One of `SEPARATIONS`, without "unknown"."""
        if self.train_seen or self.val_seen:
            return "seen"
        shares = (self.train_households, self.val_households)
        return "grouped" if all(share == 0.0 for share in shares) else "given"

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON; undefined numbers are None."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "unit"}
        return {"found": self.found} | {
            name: None if isinstance(one, float) and isnan(one) else one
            for name, one in values.items()
        }

    def __str__(self) -> str:
        """Return what was found, in words."""
        told = [
            f"{seen:.1%} of the rows were {use}"
            for seen, is_seen, use in (
                (self.train_rows, self.train_seen, "training rows of this model"),
                (self.val_rows, self.val_seen, "used for its early stopping or calibration"),
            )
            if is_seen
        ]
        return "; ".join(told or [f"no row was seen in training{self._alike()}", self._homes()])

    def _alike(self) -> str:
        if not self.train_rows:
            return ""
        return (
            f" ({self.train_rows:.1%} look like a training row, as do "
            f"{self.train_chance:.1%} of the training rows themselves)"
        )

    def _homes(self) -> str:
        if isnan(self.train_households):
            return f"the {self.unit} of the rows is unknown"
        if self.found == "grouped":
            return f"no {self.unit} was seen"
        homes = f"the {self.unit} of {self.train_households:.1%} of the rows was seen"
        return homes if not self.val_households else f"{homes}, {self._val_homes()}"

    def _val_homes(self) -> str:
        return f"that of {self.val_households:.1%} was used for early stopping or calibration"


@dataclass(frozen=True, slots=True, eq=False)
class _Set:
    """Fingerprints of rows or households, without repetitions.

    Those up to `last` are kept; as fingerprints are random numbers, these are a random sample.
    """

    kept: NDArray[np.uint64]
    last: int
    count: int
    twins: int

    @classmethod
    def of(cls, prints: NDArray[np.uint64], most: int) -> Self:
        kept, count = np.unique(prints, return_counts=True)
        last = _RANGE - 1 if len(kept) <= most else int(kept[most - 1])
        return cls(kept[:most], last, len(prints), int(count[count > 1].sum()))

    @property
    def chance(self) -> float:
        """Share of members that are equal to another member."""
        return self.twins / self.count if self.count else 0.0

    def share(self, prints: NDArray[np.uint64]) -> tuple[float, int]:
        """Return the share of fingerprints that are in the set, and of how many it is known."""
        known = prints[prints <= np.uint64(self.last)]
        return (float(np.isin(known, self.kept).mean()) if len(known) else 0.0), len(known)

    def has_seen(self, prints: NDArray[np.uint64]) -> bool:
        """Return whether more fingerprints are in the set than by chance."""
        share, known = self.share(prints)
        return more_than_chance(round(share * known), known, self.chance, self.count)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingRows:
    """Fingerprints of the training rows of a model and of their households.

    Parameters
    ----------
    salt : bytes
        Sixteen bytes that enter every fingerprint. They are derived from the rows, so that two
        models of different rows have no fingerprint in common.
    sets : mapping of str to sets of fingerprints
        Rows and households of training, and of early stopping and calibration.

    Notes
    -----
    A fingerprint is the first 8 bytes of the SHA-256 of salt and answers, so no answer can be
    read from it. Whoever has the survey can tell which of its rows were used: that is what
    they are for. Whoever can guess every answer of a person, or number households through,
    can tell so too. A set takes 8 bytes a row, and at most 8 MB (`MOST_FINGERPRINTS`).

    Two different rows have the same fingerprint with a probability of 1 in 2**64; rows of
    different people with the same answers are one row here. They are told from rows that were
    seen by their share among the training rows themselves: more equal rows than that, with a
    probability below one in a thousand (binomial distribution), were seen.
    """

    salt: bytes
    sets: Mapping[str, _Set]

    @classmethod
    def of(
        cls, train: SurveyTable, val: SurveyTable | None = None, *, most: int = MOST_FINGERPRINTS
    ) -> Self:
        """Return the fingerprints of training rows, and of those for stopping and calibration.

        Parameters
        ----------
        train : SurveyTable
            Training rows.
        val : SurveyTable, optional
            Rows used for early stopping or calibration.
        most : int, default MOST_FINGERPRINTS
            Most fingerprints kept of one set.
        """
        keys = [row_keys(train), [] if val is None else row_keys(val)]
        salt = sha256(b"".join(sorted(_digest(key) for part in keys for key in part))).digest()[:16]
        homes = [_households(table) for table in (train, val)]
        parts = [one for pair in zip(keys, homes, strict=True) for one in pair]
        return cls(
            salt=salt,
            sets={
                name: _Set.of(_prints(part, salt), most)
                for name, part in zip(_SETS, parts, strict=True)
            },
        )

    def separation(self, table: SurveyTable) -> Separation:
        """Return how far rows were seen in training."""
        rows = _prints(row_keys(table), self.salt)
        values: dict[str, Any] = {"rows": len(table), "unit": table.schema.group_word}
        homes = None if table.group is None else _prints(_households(table), self.salt)
        for part in _PARTS:
            own = self.sets[f"{part}_rows"]
            values[f"{part}_rows"] = own.share(rows)[0]
            values[f"{part}_chance"] = own.chance
            values[f"{part}_seen"] = own.has_seen(rows)
            values[f"{part}_households"] = self._households_seen(part, homes)
        return Separation(**values)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all values as arrays, to be saved."""
        facts = {name: [one.last, one.count, one.twins] for name, one in self.sets.items()}
        return {
            "salt": np.frombuffer(self.salt, dtype=np.uint8),
            "facts": np.array([facts[name] for name in _SETS], dtype=np.uint64),
            **{name: self.sets[name].kept for name in _SETS},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return what `arrays` described.

        Raises
        ------
        DataError
            If an array is missing or of another type or shape.
        """
        is_valid = set(arrays) == {"salt", "facts", *_SETS} and all(
            one.dtype == (np.uint8 if name == "salt" else np.uint64)
            and one.ndim == (2 if name == "facts" else 1)
            for name, one in arrays.items()
        )
        if not is_valid or arrays["facts"].shape != (len(_SETS), 3):
            message = "the fingerprints of training rows are damaged; train again"
            raise DataError(message)
        facts = dict(zip(_SETS, arrays["facts"].tolist(), strict=True))
        sets = {name: _Set(arrays[name], *facts[name]) for name in _SETS}
        return cls(salt=arrays["salt"].tobytes(), sets=sets)

    def _households_seen(self, part: str, homes: NDArray[np.uint64] | None) -> float:
        own = self.sets[f"{part}_households"]
        if homes is None or (not own.count and self.sets[f"{part}_rows"].count):
            return nan
        return own.share(homes)[0]


def training_rows_of(model: object) -> TrainingRows | None:
    """Return the fingerprints that a model carries; None if it has none."""
    own = getattr(model, "training_rows", None)
    found = own or getattr(getattr(model, "agent", None), "training_rows", None)
    return found if isinstance(found, TrainingRows) else None


def _households(table: SurveyTable | None) -> list[bytes]:
    if table is None or table.group is None:
        return []
    return [key.encode("utf-8", "surrogatepass") for key in household_keys(table.group)]


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()


def _prints(keys: list[bytes], salt: bytes) -> NDArray[np.uint64]:
    joined = b"".join(sha256(salt + _digest(key)).digest()[:8] for key in keys)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)
