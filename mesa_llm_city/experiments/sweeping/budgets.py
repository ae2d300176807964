"""Whether workers of a sweep can share the store and the budget of a language model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM

__all__ = ["check_budgets", "check_machines"]


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


def check_machines(values: Mapping[str, Sequence[object]], here: str, hosts: Iterable[str]) -> None:
    """Refuse language models whose store workers on other machines would have to share.

    Parameters
    ----------
    values : mapping of str to sequence
        Values of a sweep.
    here : str
        Name of this machine.
    hosts : iterable of str
        Names of the machines of the workers.

    Raises
    ------
    ConfigError
        If there is such a model.
    """
    others = sorted({*hosts} - {here})
    for name, llm in _models(values):
        if llm.path is not None and others:
            message = (
                f"{name}: the store {llm.path} is a file of {here}, which workers on "
                f"{', '.join(others)} cannot share; run this sweep with engine='processes', or "
                "leave out store and budget"
            )
            raise ConfigError(message)


def _models(values: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, LLM]]:
    for name, several in values.items():
        yield from ((name, one) for one in several if isinstance(one, LLM))
