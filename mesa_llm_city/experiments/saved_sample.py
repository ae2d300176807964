"""The sample of persons whose rows a run has kept, as its manifest tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.records.person_sample import PersonSample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["of_sample", "sample_of"]


def sample_of(manifest: Mapping[str, Any]) -> PersonSample | None:
    """Return the sample; None for a run with rows of everybody.

    Parameters
    ----------
    manifest : mapping of str to Any
        Manifest of the run.

    Raises
    ------
    DataError
        If the manifest tells no sample as this version writes it.
    """
    try:
        told = (manifest.get("records") or {}).get("sample")
        return None if told is None else PersonSample(float(told["share"]), int(told["seed"]))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        message = (
            f"records in the manifest must tell share and seed of a sample, got "
            f"{manifest['records']!r:.80}; copy the folder again"
        )
        raise DataError(message) from error


def of_sample(people: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Return the people of a run of whom its tables have rows.

    Parameters
    ----------
    people : pandas.DataFrame
        All people, with a column ``id``.
    manifest : mapping of str to Any
        Manifest of the run.
    """
    sample = sample_of(manifest)
    if sample is None:
        return people
    keeps = sample.keeps(people["id"].to_numpy(dtype=np.int64))
    return people[keeps].reset_index(drop=True)
