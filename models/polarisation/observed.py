"""What is seen of a run: measures of stances after each step, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.polarisation.talk import Heard

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments import diffusion
from mesa_llm_city.social.audience import Audience
from mesa_llm_city.social.media import FollowerGraph

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BEST_ANSWER", "Observed", "answers_of", "messages_table", "people_table"]

BEST_ANSWER = 10
"""Answers go from 0 to 10, as in AgentSociety."""


class Observed:
    """Measures of a model that has stances, stances at first, a graph, and what was heard."""

    people: int
    first: Float
    graph: FollowerGraph
    audience: Audience
    heard: list[tuple[int, Heard, Float]]

    @property
    def stances(self) -> Float:
        """Stance of each person, from -1 (against) to 1 (in favour)."""
        raise NotImplementedError

    @property
    def answers(self) -> Int:
        """What people answer on a scale from 0 to 10."""
        return answers_of(self.stances)

    @property
    def mean(self) -> float:
        """Mean stance."""
        return float(self.stances.mean())

    @property
    def variance(self) -> float:
        """Variance of the stances."""
        return diffusion.variance(self.stances)

    @property
    def bimodality(self) -> float:
        """Bimodality coefficient of the stances."""
        return diffusion.bimodality(self.stances)

    @property
    def esteban_ray(self) -> float:
        """Esteban-Ray polarisation of the stances."""
        return diffusion.esteban_ray(self.stances)

    @property
    def extremity(self) -> float:
        """Mean distance of the stances from the middle."""
        return float(np.abs(self.stances).mean())

    @property
    def assortativity(self) -> float:
        """Correlation of the stances of friends."""
        return diffusion.stance_assortativity(self.graph.edges, self.stances)

    @property
    def more(self) -> float:
        """Share of people whose answer is further from the middle than at first."""
        return self._changes()["more"]

    @property
    def less(self) -> float:
        """Share of people whose answer is nearer to the middle."""
        return self._changes()["less"]

    @property
    def opposed(self) -> float:
        """Share of people whose answer is on the other side."""
        return self._changes()["opposed"]

    @property
    def unchanged(self) -> float:
        """Share of people whose answer is as far from the middle as at first."""
        return self._changes()["unchanged"]

    @property
    def hearing(self) -> float:
        """Share of people who heard somebody in the last step."""
        return len(self.heard[-1][1].people) / self.people if self.heard else 0.0

    def _changes(self) -> dict[str, float]:
        return diffusion.stance_changes(_rounded(self.first), _rounded(self.stances))


def people_table(model: Observed) -> pd.DataFrame:
    """Return a row for each person."""
    import pandas as pd

    return pd.DataFrame(
        {
            "person": np.arange(model.people),
            "friends": model.graph.following_counts,
            "stance_first": model.first,
            "stance": model.stances,
            "certainty": model.audience.certainties[:, 0],
            "answer_first": answers_of(model.first),
            "answer": model.answers,
        }
    )


def messages_table(steps: Sequence[tuple[int, Heard, Float]]) -> pd.DataFrame:
    """Return a row for each message that was heard.

    Parameters
    ----------
    steps : sequence of (int, Heard, ndarray)
        Minute, what was heard, and the stances of those people afterwards.
    """
    import pandas as pd

    minutes = [np.full(len(one.people), minute) for minute, one, _ in steps]
    columns = {
        "minute": minutes,
        "person": [one.people for _, one, _ in steps],
        "speaker": [one.speakers for _, one, _ in steps],
        "stance_heard": [one.stances for _, one, _ in steps],
        "stance_after": [after for _, _, after in steps],
    }
    return pd.DataFrame(
        {name: np.concatenate(parts) if parts else [] for name, parts in columns.items()}
    )


def answers_of(stances: Float) -> Int:
    """Return answers from 0 to 10.

    Examples
    --------
    >>> answers_of(np.array([-1.0, -0.4, 0.0, 0.4])).tolist()
    [0, 3, 5, 7]
    """
    answers: Int = np.rint((stances + 1.0) / 2.0 * BEST_ANSWER).astype(np.int64)
    return answers


def _rounded(stances: Float) -> Float:
    rounded: Float = 2.0 * answers_of(stances) / BEST_ANSWER - 1.0
    return rounded
