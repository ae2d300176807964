"""What replies share: bounded reasons and ratings, and the way back to rules."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.errors import LLMBudgetError, LLMError
from mesa_llm_city.prompts import Rating, Reason, rules_after


class Liking(BaseModel):
    reason: Reason
    liking: Rating


@pytest.mark.parametrize("liking", [-1, 11, 2.5])
def test_a_rating_is_a_whole_number_from_nought_to_ten(liking: float) -> None:
    with pytest.raises(ValidationError):
        Liking.model_validate({"reason": "", "liking": liking})


def test_a_reason_has_an_end() -> None:
    with pytest.raises(ValidationError):
        Liking.model_validate({"reason": 201 * "x", "liking": 3})


def test_without_leave_to_use_rules_the_error_is_raised() -> None:
    error = LLMBudgetError("5 USD are spent")
    with pytest.raises(LLMBudgetError, match="5 USD are spent"):
        rules_after(error)


def test_the_reason_names_the_first_line_of_the_error_and_not_much_of_it() -> None:
    error = LLMError("x" * 300 + "\nand more", person=3)
    error.use_rules = True
    assert rules_after(error) == f"rules after: {120 * 'x'}"
