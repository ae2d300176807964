"""Model registry: the methods that can be compared, and functions that make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.learners import LEARNERS
from mesa_llm_city.migration.models.libraries import has_library, require
from mesa_llm_city.migration.models.tabular import TabularModel

__all__ = [
    "ABLATIONS",
    "RULES",
    "ModelFactory",
    "TextUse",
    "View",
    "default_methods",
    "make_model",
    "needs_backbone",
]

View: TypeAlias = Literal["indicator", "impute"]
"""How missing values are given to a model: as an indicator, or imputed."""

TextUse: TypeAlias = Literal["refuse", "hash", "leave_out"]
"""What a tabular method does with columns of text."""

ModelFactory: TypeAlias = Callable[[View, bool], MigrationModel]
"""Makes an untrained model, given the view and whether the household mean is an input."""

RULES = ("expectation", "push_pull")
"""Rules: by expected signs for any survey, and of push and pull for that of China."""

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
"""Options of each variant of the RMS-Agent (RMS-Agent, figures 4 and 5, table 3).

The variant without indicators of missing values is ``rms`` with the view ``"impute"``.
"""


def default_methods(*, backbone: str | None = None) -> tuple[str, ...]:
    """Return the methods that can be run with the installed libraries, in the order of a report.

    Parameters
    ----------
    backbone : str, optional
        Language model to train from; without it, ``rms`` and ``sft`` are left out.

    Examples
    --------
    >>> default_methods()[:3]
    ('base_rate', 'logistic_regression', 'random_forest')
    """
    tabular = [name for name in LEARNERS if name not in _OPTIONAL or has_library(name)]
    return (*tabular, *(() if backbone is None else ("sft", "rms")))


def needs_backbone(method: str) -> bool:
    """Return whether a method is trained from a language model.

    Examples
    --------
    >>> needs_backbone("rms_no_query"), needs_backbone("mlp")
    (True, False)
    """
    return method == "sft" or method in ABLATIONS


def make_model(
    method: str,
    *,
    view: View = "indicator",
    household_mean: bool = False,
    seed: int = 0,
    backbone: str | None = None,
    rms_options: Mapping[str, Any] | None = None,
    text: TextUse = "refuse",
    repeats: int = 1,
    refit: bool = False,
) -> MigrationModel:
    """Return an untrained model.

    Parameters
    ----------
    method : str
        A name of `RULES`, a tabular method, ``"sft"``, or a name of `ABLATIONS`.
    view : {"indicator", "impute"}, default "indicator"
        How missing values are given to the model, both in columns and in text.
    household_mean : bool, default False
        Whether labels of other members of the household are an input.
    seed : int, default 0
        Seed of training.
    backbone : str, optional
        Language model for ``"sft"`` and the variants of ``"rms"``.
    rms_options : mapping, optional
        Further options of `RMSConfig`, such as ``{"depth": 8}``.
    text : {"refuse", "hash", "leave_out"}, default "refuse"
        What a tabular method does with columns of text (see `TabularModel`).
    repeats, refit : int and bool, default 1 and False
        Of a tabular method (see `TabularModel`).

    Raises
    ------
    ConfigError
        If the method is unknown, or needs an option or library that is missing.
    """
    if method in RULES:
        return _rule(method)
    if not needs_backbone(method):
        if method not in LEARNERS:
            known = ", ".join([*RULES, *LEARNERS, "sft", *ABLATIONS])
            message = f"there is no method {method!r}; accepted are {known}"
            raise ConfigError(message)
        return TabularModel(
            method,
            missing=view,
            household_mean=household_mean,
            text=text,
            repeats=repeats,
            refit=refit,
            seed=seed,
        )
    if backbone is None:
        message = f"{method} is trained from a language model; give backbone, a folder or GGUF file"
        raise ConfigError(message)
    if method == "sft" and household_mean:
        message = "sft reads text only and cannot use the household mean; leave it out"
        raise ConfigError(message)
    require("torch", "transformers", "peft")
    options: dict[str, Any] = {
        "backbone": backbone,
        "text_missing": "impute" if view == "impute" else "shown",
        "seed": seed,
        **(rms_options or {}),
    }
    if method == "sft":
        return _sft(options)
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    columns = {"missing": view, "household_mean": household_mean}
    return RMSAgent(**{**columns, **options, **ABLATIONS[method]})


def _rule(method: str) -> MigrationModel:
    from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
    from mesa_llm_city.migration.models.push_pull import PushPullRule

    return ExpectationRule() if method == "expectation" else PushPullRule()


def _sft(options: Mapping[str, Any]) -> MigrationModel:
    from mesa_llm_city.migration.models.sft import SFTModel

    return SFTModel(**options)
