"""The plan of RMS-Agent, section 5: its methods, views and options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesa_llm_city.migration.evaluation.model_registry import method_advice
from mesa_llm_city.migration.evaluation.plan import Plan
from mesa_llm_city.migration.models.rms.config import PAPER_OPTIONS

__all__ = ["PAPER_METHODS", "PAPER_QUERIES", "paper_plan"]

PAPER_METHODS = (
    *("logistic_regression", "random_forest", "gradient_boosting", "xgboost", "svm", "mlp"),
    *("bert", "prompt", "sft", "rms"),
)
"""The methods of RMS-Agent, table 2, in its order."""

PAPER_QUERIES = (2, 3, 4, 5, 6, 8)
"""The numbers of meta-queries of RMS-Agent, figure 5."""


def paper_plan(
    *,
    backbone: str | None = None,
    encoder: str | None = None,
    has_llm: bool = False,
    rms_options: Mapping[str, Any] | None = None,
    **options: Any,  # noqa: ANN401 - options of `Plan`
) -> Plan:
    """Return the plan of RMS-Agent, table 2; other tables are added by options.

    Parameters
    ----------
    backbone : str, optional
        Language model for SFT, RMS-Agent and, without `has_llm`, zero-shot answers. The paper
        uses Qwen2.5-1.5B-Instruct for RMS-Agent, and Qwen3 for the others (sec. 5.1).
    encoder : str, optional
        BERT for the baseline of that name. That of the paper has width 128 and 2 heads
        (sec. 5.1), as the published ``bert_uncased_L-2_H-128_A-2``.
    has_llm : bool, default False
        Whether there is a language model to ask. It then answers in sentences for the row
        "Prompt" (`PromptModel`); otherwise the odds of the words of the backbone do
        (`ZeroShotModel`).
    rms_options : mapping, optional
        Options of `RMSConfig` that replace those of the paper (see `RMSConfig.paper`).
    **options
        Options of `Plan`, such as ``ablations=True`` or ``queries=PAPER_QUERIES``.

    Returns
    -------
    Plan
        Rows as given; in columns missing values are imputed, and the text shows them (sec.
        5.1 and the authors' published prompts). Methods that cannot be run are in ``not_run``.

    Raises
    ------
    ConfigError
        If an option is not accepted.

    Notes
    -----
    What differs from the paper: rows for early stopping and calibration are a tenth of the
    training households (with labels of the household, of the people: see `fit_model`), so that
    the rows reported on are used for nothing else. The one-hot
    household number and interview fields of the authors' scripts are left out; labels of the
    household are an option of their own (``household_means``). The SVM is by random Fourier
    features. BERT is pre-trained and has adapters and a linear head, where that of the paper is
    fine-tuned as a whole. With ``views=("indicator",)`` the other methods see missing values
    as the text does.

    Examples
    --------
    >>> plan = paper_plan()
    >>> plan.protocols, plan.views, "rms" in plan.not_run
    (('given',), ('impute',), True)
    """
    plans: dict[str, Any] = {"protocols": ("given",), "views": ("impute",), **options}
    methods = plans.pop("methods", PAPER_METHODS)
    is_by_odds = not has_llm and backbone is not None
    named = ["zero_shot" if one == "prompt" and is_by_odds else one for one in methods]
    advice = {
        one: method_advice(one, backbone=backbone, encoder=encoder, has_llm=has_llm)
        for one in named
    }
    return Plan(
        methods=tuple(one for one in named if advice[one] is None),
        not_run={one: why for one, why in advice.items() if why is not None},
        backbone=backbone,
        encoder=encoder,
        rms_options={**PAPER_OPTIONS, **(rms_options or {})},
        **plans,
    )
