"""Policies in a save: their tables, so that a model can be loaded without their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.policies import Policy, policy_of, policy_table

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["policies_argument", "policies_setup"]


def policies_setup(model: CityModel) -> dict[str, Any]:
    """Return the policies of a model as tables, by prompt; nothing without any.

    Raises
    ------
    CityError
        If something else than a policy decides, such as a census that is being taken.
    """
    own = [name for name, one in model.policies.items() if not isinstance(one, Policy)]
    if own:
        message = (
            f"what decides about {', '.join(own)} is no Policy, and cannot be saved; save a model "
            "with policies only"
        )
        raise CityError(message)
    tables = {
        name: policy_table(one) for name, one in model.policies.items() if isinstance(one, Policy)
    }
    return {"policies": tables} if tables else {}


def policies_argument(setup: Mapping[str, Any]) -> dict[str, Any]:
    """Return the argument ``policies`` of a saved model; nothing without any."""
    if not setup.get("policies"):
        return {}
    return {"policies": {name: policy_of(one) for name, one in setup["policies"].items()}}
