"""Which methods can be compared, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.learners import LEARNERS
from mesa_llm_city.migration.models.libraries import has_library, require
from mesa_llm_city.migration.models.tabular import TabularModel

__all__ = ["ABLATIONS", "Maker", "View", "default_methods", "made", "needs_backbone"]

View: TypeAlias = Literal["indicator", "impute"]
"""Whether a method sees that a value is missing."""

Maker: TypeAlias = Callable[[View, bool], MigrationModel]
"""Makes an untrained model for a view, and with or without the household mean."""

_OPTIONAL = ("lightgbm", "xgboost")

ABLATIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "rms": {},
        "rms_no_query": {"queries": 0},
        "rms_no_tabular": {"tabular": False},
        "rms_no_text": {"text": False},
        "rms_text_only": {"tabular": False, "queries": 0},
        "rms_generative": {"head": "generative"},
        **{f"rms_{count}_queries": {"queries": count} for count in (2, 3, 4, 5, 6, 8)},
    }
)
"""Options that make each variant of the RMS-Agent: figures 4 and 5, Table 3 of the paper.

The variant without the missing view is ``rms`` in the view ``"impute"``.
"""


def default_methods(*, backbone: str | None = None) -> tuple[str, ...]:
    """Return the methods that can be run here, in the order of a report.

    Parameters
    ----------
    backbone : str, optional
        Language model to start from; without one there is neither ``rms`` nor ``sft``.

    Examples
    --------
    >>> default_methods()[:3]
    ('base_rate', 'logistic_regression', 'random_forest')
    """
    tabular = [name for name in LEARNERS if name not in _OPTIONAL or has_library(name)]
    return (*tabular, *(() if backbone is None else ("sft", "rms")))


def needs_backbone(method: str) -> bool:
    """Tell whether a method starts from a language model.

    Examples
    --------
    >>> needs_backbone("rms_no_query"), needs_backbone("mlp")
    (True, False)
    """
    return method == "sft" or method in ABLATIONS


def made(
    method: str,
    *,
    view: View = "indicator",
    household_mean: bool = False,
    seed: int = 0,
    backbone: str | None = None,
    rms_options: Mapping[str, Any] | None = None,
) -> MigrationModel:
    """Return an untrained model.

    Parameters
    ----------
    method : str
        A tabular method, ``"sft"``, or a name of `ABLATIONS`.
    view : {"indicator", "impute"}, default "indicator"
        Whether it sees that a value is missing, in columns and in words alike.
    household_mean : bool, default False
        Whether it is told labels of other members of the household.
    seed : int, default 0
        Of everything drawn.
    backbone : str, optional
        Language model of ``"sft"`` and the variants of ``"rms"``.
    rms_options : mapping, optional
        Further options of `RMSConfig`, such as ``{"depth": 8}``.

    Raises
    ------
    ConfigError
        If the method is unknown, or needs what is not there.
    """
    if not needs_backbone(method):
        if method not in LEARNERS:
            known = ", ".join([*LEARNERS, "sft", *ABLATIONS])
            message = f"there is no method {method!r}; accepted are {known}"
            raise ConfigError(message)
        return TabularModel(method, missing=view, household_mean=household_mean, seed=seed)
    if backbone is None:
        message = f"{method} needs a language model to start from; give backbone, a folder or GGUF"
        raise ConfigError(message)
    if method == "sft" and household_mean:
        message = "sft reads words only, and is told no household mean; leave it out"
        raise ConfigError(message)
    require("torch", "transformers", "peft")
    told: dict[str, Any] = {
        "backbone": backbone,
        "text_missing": "impute" if view == "impute" else "shown",
        "seed": seed,
        **(rms_options or {}),
    }
    if method == "sft":
        return _sft(told)
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    columns = {"missing": view, "household_mean": household_mean}
    return RMSAgent(**{**columns, **told, **ABLATIONS[method]})


def _sft(told: Mapping[str, Any]) -> MigrationModel:
    from mesa_llm_city.migration.models.sft import SFTModel

    return SFTModel(**told)
