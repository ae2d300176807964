"""The plan of the paper, and the tables that named options add."""

from __future__ import annotations

from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.cells import cells_of
from mesa_llm_city.migration.evaluation.paper import PAPER_METHODS, PAPER_QUERIES, paper_plan
from mesa_llm_city.migration.evaluation.plan import Plan
from mesa_llm_city.migration.models.libraries import has_library

needs_networks = pytest.mark.skipif(not has_library("peft"), reason="needs the extra rms")
FULL: dict[str, Any] = {"backbone": "model/", "encoder": "bert/"}


def test_without_a_language_model_its_methods_are_named_as_not_run() -> None:
    plan = paper_plan()
    assert {"bert", "prompt", "sft", "rms"} <= set(plan.not_run)
    assert plan.methods[:3] == PAPER_METHODS[:3]
    assert set(plan.methods) | set(plan.not_run) == set(PAPER_METHODS)
    assert "--bert" in plan.not_run["bert"]


@pytest.mark.skipif(has_library("xgboost"), reason="xgboost is installed")
def test_xgboost_is_named_if_it_is_not_installed() -> None:
    assert "pip install xgboost" in paper_plan().not_run["xgboost"]


@needs_networks
def test_all_methods_of_the_paper_are_run_with_their_language_models() -> None:
    plan = paper_plan(**FULL)
    assert plan.methods[-4:] == ("bert", "zero_shot", "sft", "rms")
    of_method = {one.method: one for one in plan.variants()}
    assert of_method["bert"].backbone == "bert/"
    assert of_method["rms"].options["queries"] == 4
    assert "queries" not in of_method["sft"].options
    assert (plan.views, plan.protocols) == (("impute",), ("given",))


@needs_networks
def test_options_add_tables_without_computing_a_cell_twice() -> None:
    plan = paper_plan(
        **FULL,
        ablations=True,
        queries=PAPER_QUERIES,
        backbones=("models/large",),
        trajectory="lived",
        across=True,
        show_groups=True,
        household_means=(False, True),
    )
    assert [one.name for one in plan.sections()] == [
        *("overall", "ablations", "queries", "backbones", "trajectory", "across", "groups")
    ]
    cells = cells_of(plan, ["2015", "2017"])
    names = [cell.name for cell in cells]
    assert len(set(names)) == len(names)
    assert "2015/rms_8_queries/given/impute" in names
    assert "2015/rms_4_queries/given/impute" not in names  # it is rms
    assert "2017:2015/rms/given/impute/household" in names
    assert "2015/bert/given/impute/household" not in names
    assert {"2015/rms@large/given/impute", "2015/rms_trajectory/given/impute"} <= set(names)
    assert "2015:2017/rms_no_query/given/impute" not in names


@needs_networks
def test_all_ablations_of_the_paper_and_more_are_named() -> None:
    plan = Plan(methods=("rms",), backbone="model/", ablations=True)
    rows = dict(plan.sections()[1].rows)
    assert set(rows.values()) == {
        *("rms", "rms_no_query", "rms_no_tabular", "rms_no_text", "rms_text_only"),
        *("rms_generative", "rms_no_missing_view"),
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"protocols": ("random",)}, "there is no protocol random"),
        ({"views": ("shown",)}, "there is no view shown"),
        ({"queries": (2, -1)}, "must not be negative"),
        ({"ablations": True}, "ablations need a language model"),
        ({"backbone": "a", "backbones": ("x/m", "y/m")}, "same name"),
    ],
)
def test_options_that_cannot_be_used_are_an_error(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Plan(methods=("base_rate",), **options).variants()


def test_unknown_methods_are_an_error_before_training() -> None:
    with pytest.raises(ConfigError, match="there is no method 'oracle'"):
        Plan(methods=("oracle",)).check()
