"""Options of an RMS-Agent are checked at birth."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms import RMSConfig


def test_options_are_the_same_after_json() -> None:
    config = RMSConfig(backbone="b", queries=2, adapter_targets=("q_proj",), trajectory="lived")
    assert RMSConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("queries", -1),
        ("path", "quick"),
        ("text_missing", "hidden"),
        ("dropout", 1.0),
        ("depth", 0),
        ("budget_s", 0.0),
        ("device", "gpu"),
        ("device", "cuda:"),
        ("learning_rate", float("nan")),
    ],
)
def test_an_option_outside_its_range_is_an_error(option: str, value: object) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(ConfigError, match=option):
        RMSConfig(backbone="b", **options)


def test_all_wrong_options_are_listed() -> None:
    with pytest.raises(ConfigError, match=r"patience.*batch_rows|batch_rows.*patience"):
        RMSConfig(backbone="b", batch_rows=0, patience=0)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"upper": 0}, "upper must be positive"),
        ({"upper": 2, "path": "text"}, "upper needs path='cells'"),
        ({"upper": 2, "head": "generative"}, "upper needs head='linear'"),
        ({"upper": 2, "queries": 0, "tabular": False}, "queries, tabular or a trajectory"),
    ],
)
def test_upper_layers_need_something_to_pass_them(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        RMSConfig(backbone="b", **options)


def test_at_least_one_input_is_needed() -> None:
    with pytest.raises(ConfigError, match="all off"):
        RMSConfig(backbone="b", text=False, tabular=False)


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(ConfigError, match="quieries"):
        RMSConfig.from_dict({"backbone": "b", "quieries": 3})


def test_the_options_of_the_paper_are_read_by_all_layers() -> None:
    config = RMSConfig.paper(backbone="b")
    assert (config.path, config.style, config.depth) == ("text", "paper", None)
    assert (config.learning_rate, config.adapter_rate, config.tabular_width) == (1e-3, 1e-3, 128)
    assert (config.missing, config.text_missing) == ("impute", "shown")


def test_options_of_the_paper_can_be_replaced() -> None:
    assert RMSConfig.paper(backbone="b", queries=8, epochs=1).queries == 8
    with pytest.raises(ConfigError, match="unknown options quieries"):
        RMSConfig.paper(backbone="b", quieries=8)
