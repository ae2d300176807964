"""Whether the budget of a language model holds for all workers of a sweep together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM

__all__ = ["check_budgets"]


def check_budgets(values: Mapping[str, Sequence[object]]) -> None:
    """Refuse language models whose budget each worker would spend anew.

    Parameters
    ----------
    values : mapping of str to sequence
        Values of a sweep.

    Raises
    ------
    ConfigError
        If there is such a model.
    """
    for name, llm in _models(values):
        if not llm.shares_budget:
            message = (
                f"{name}: the budget of this language model holds for several processes only if "
                "they count in one store; give LLM(..., store='answers.sqlite', "
                "budget=Budget(...)), or run the sweep with engine='serial'"
            )
            raise ConfigError(message)


def _models(values: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, LLM]]:
    for name, several in values.items():
        yield from ((name, one) for one in several if isinstance(one, LLM))
