"""A respondent: a person of a survey whose outcome may change from year to year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:  # the model makes the agents, so at run time it imports this file
    from mesa_llm_city.models.survey_policy.model import SurveyPolicy

__all__ = ["Respondent"]


class Respondent(mesa.Agent):
    """A person of a survey.

    Parameters
    ----------
    model : SurveyPolicy
        The model, which keeps the answers of everybody in one table.
    row : int
        Row of the person in the table.
    """

    model: SurveyPolicy

    def __init__(self, model: SurveyPolicy, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def has_outcome(self) -> bool:
        """Whether the outcome is true of the person now."""
        return bool(self.model.has_outcome[self.row])

    @property
    def is_reached(self) -> bool:
        """Whether the policy reaches the person."""
        return bool(self.model.is_reached[self.row])
