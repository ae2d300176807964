"""Model registry: the methods that can be compared, and functions that make them."""

from __future__ import annotations

import re
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
    "TEXT_ONLY",
    "ModelFactory",
    "TextUse",
    "View",
    "default_methods",
    "make_model",
    "method_advice",
    "needs_backbone",
    "options_for",
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
        "rms_no_missing_view": {"missing": "impute", "text_missing": "impute"},
        **{f"rms_{count}_queries": {"queries": count} for count in (2, 3, 4, 5, 6, 8)},
    }
)
"""Options of each variant of the RMS-Agent (RMS-Agent, figures 4 and 5, table 3).

``rms_N_queries`` has N meta-queries, with any N. ``rms_no_missing_view`` has all missing values
imputed, in columns and in text.
"""

_BERT: Mapping[str, Any] = MappingProxyType({"queries": 0, "tabular": False, "head": "linear"})
"""An encoder reads the text, and a linear head decides (RMS-Agent, sec. 5.1)."""

_NOT_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sft": ("head", "queries", "tabular"),
        "zero_shot": ("head", "queries", "tabular", "adapter_rank"),
        "bert": tuple(_BERT),
    }
)

TEXT_ONLY = ("sft", "zero_shot", "bert", "rms_no_tabular", "rms_text_only")
"""Methods that read the text only, so that the household mean is no input of theirs."""

_FROM_BACKBONE = ("sft", "zero_shot", "bert")
_COUNTED = re.compile(r"rms_(\d+)_queries")


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
    return method in _FROM_BACKBONE or _variant(method) is not None


def method_advice(
    method: str, *, backbone: str | None, encoder: str | None, has_llm: bool = False
) -> str | None:
    """Return what a method needs that is not there, with advice; None if it can be run.

    Parameters
    ----------
    method : str
        A name as of `make_model`, or ``"prompt"``.
    backbone, encoder : str or None
        Language model to train from, and the encoder for ``"bert"``.
    has_llm : bool, default False
        Whether there is a language model to ask, for ``"prompt"``.

    Examples
    --------
    >>> method_advice("rms", backbone=None, encoder=None)
    'needs a language model to train from: give --backbone'
    """
    if method == "prompt":
        return None if has_llm else "needs a language model to ask: give --llm"
    if needs_backbone(method):
        given = encoder if method == "bert" else backbone
        if given is None:
            what = "a BERT to train from: give --bert" if method == "bert" else _NEEDS_BACKBONE
            return f"needs {what}"
        needed: tuple[str, ...] = ("torch", "transformers", "peft")
    else:
        needed = (method,) if method in _OPTIONAL else ("sklearn",) * (method not in RULES)
    try:
        require(*needed)
    except ConfigError as error:
        return str(error).removeprefix("this model ")
    return None


_NEEDS_BACKBONE = "a language model to train from: give --backbone"


def options_for(method: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of all language models that a method has.

    Examples
    --------
    >>> options_for("sft", {"queries": 4, "epochs": 2})
    {'epochs': 2}
    """
    return {name: at for name, at in options.items() if name not in _NOT_OF.get(method, ())}


def _variant(method: str) -> Mapping[str, Any] | None:
    """Return the options of a variant of the RMS-Agent; None for other methods."""
    counted = _COUNTED.fullmatch(method)
    return ABLATIONS.get(method, {"queries": int(counted[1])} if counted else None)


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
        A name of `RULES`, a tabular method, ``"sft"``, ``"zero_shot"`` (the odds that the
        language model itself gives to the two answers, without training), ``"bert"``, or a
        name of `ABLATIONS`.
    view : {"indicator", "impute"}, default "indicator"
        How missing values are given to the model, both in columns and in text.
    household_mean : bool, default False
        Whether labels of other members of the household are an input.
    seed : int, default 0
        Seed of training.
    backbone : str, optional
        Language model for ``"sft"``, ``"zero_shot"`` and the variants of ``"rms"``; for
        ``"bert"`` an encoder.
    rms_options : mapping, optional
        Further options of `RMSConfig`, such as ``{"depth": 8}``.
    text : {"refuse", "hash", "leave_out"}, default "refuse"
        What a tabular method does with columns of text (see `TabularModel`).
    repeats : int, default 1
        Trainings of a tabular method, whose mean decides (see `TabularModel`).
    refit : bool, default False
        Whether a model is trained again on the rows set aside too (see `TabularModel` and
        `RMSConfig`).

    Raises
    ------
    ConfigError
        If the method is unknown, or needs an option or library that is missing.
    """
    if method in RULES:
        return _rule(method)
    if not needs_backbone(method):
        if method not in LEARNERS:
            known = ", ".join(["tabular", "prompt", *RULES, *LEARNERS, *_FROM_BACKBONE, *ABLATIONS])
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
    if method in TEXT_ONLY and household_mean:
        message = f"{method} reads text only and cannot use the household mean; leave it out"
        raise ConfigError(message)
    require("torch", "transformers", "peft")
    options: dict[str, Any] = {
        "backbone": backbone,
        "text_missing": "impute" if view == "impute" else "shown",
        "seed": seed,
        "refit": refit,
        **(rms_options or {}),
    }
    if method in {"sft", "zero_shot"}:
        return _generative(method, options)
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

    if method == "bert":
        if given := sorted(set(options) & set(_BERT)):
            message = f"{', '.join(given)} cannot be chosen for bert; use rms"
            raise ConfigError(message)
        return RMSAgent(**{"path": "text", "depth": None, **options, **_BERT})
    columns = {"missing": view, "household_mean": household_mean}
    return RMSAgent(**{**columns, **options, **(_variant(method) or {})})


def _rule(method: str) -> MigrationModel:
    from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
    from mesa_llm_city.migration.models.push_pull import PushPullRule

    return ExpectationRule() if method == "expectation" else PushPullRule()


def _generative(method: str, options: Mapping[str, Any]) -> MigrationModel:
    from mesa_llm_city.migration.models.sft import SFTModel
    from mesa_llm_city.migration.models.zero_shot_odds import ZeroShotModel

    return SFTModel(**options) if method == "sft" else ZeroShotModel(**options)
