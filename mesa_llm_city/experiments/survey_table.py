"""The answers of all surveys of a run as one table, for its folder."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.surveys import Survey

__all__ = ["survey_table"]


def survey_table(surveys: Mapping[str, Survey]) -> pd.DataFrame:
    """Return the answers of all surveys, in the order of surveys and waves.

    Parameters
    ----------
    surveys : mapping of str to Survey
        At least one, such as `CityModel.surveys`.

    Returns
    -------
    pandas.DataFrame
        Column ``survey``, and those of `Survey.answers`; numbers are in ``answer``, other
        answers in ``words``, so that each column has one type.
    """
    import pandas as pd

    answers = [survey.answers().assign(survey=name) for name, survey in surveys.items()]
    frame = pd.concat([one.astype({"answer": "object"}) for one in answers], ignore_index=True)
    is_number = np.array([isinstance(one, Real) for one in frame["answer"]], dtype=bool)
    words = frame["answer"].where(~is_number, "").astype("str")
    numbers = frame["answer"].where(is_number, np.nan).astype("float64")
    types = {"wave": "int32", "person": "int32"}
    frame = frame.assign(answer=numbers, words=words).astype(types)
    order = ["survey", "wave", "person", "time", "question", "item"]
    return frame[[*order, "answer", "words", "label", "reason", "source"]]
