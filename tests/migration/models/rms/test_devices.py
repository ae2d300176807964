"""A device is chosen, or refused in words."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.rms import devices
from mesa_llm_city.migration.models.rms.devices import resolve_device, resolve_precision


@pytest.mark.parametrize(
    ("here", "chosen"),
    [
        ({"cpu"}, "cpu"),
        ({"cpu", "mps"}, "mps"),
        ({"cpu", "mps", "cuda"}, "cuda"),
    ],
)
def test_the_fastest_device_is_chosen(
    here: set[str], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "is_usable", here.__contains__)
    assert resolve_device("auto") == chosen
    assert resolve_device("cpu") == "cpu"


def test_a_device_that_is_not_there_is_refused_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(devices, "is_usable", {"cpu", "mps"}.__contains__)
    with pytest.raises(
        ConfigError, match=r"'cuda' is not on this machine.*usable here: 'cpu', 'mps'"
    ):
        resolve_device("cuda")


def test_a_precision_that_is_named_is_taken() -> None:
    assert resolve_precision("fp32", "mps") == "fp32"
    assert resolve_precision("bf16", "cpu") == "bf16"
