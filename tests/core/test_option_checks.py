"""Checks of options: numbers, words and switches."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks


@pytest.mark.parametrize("value", [2.0, "3", None, True, math.nan, math.inf, [1]])
def test_what_is_no_whole_number_is_told(value: object) -> None:
    checks = OptionChecks()
    checks.whole("people", value)
    assert checks.defects == [f"people must be a whole number, got {value!r}"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 1.1, "0.5", None, True])
def test_what_is_no_number_in_the_range_is_told(value: object) -> None:
    checks = OptionChecks()
    checks.number("share", value, most=1.0)
    assert len(checks.defects) == 1


def test_numbers_of_numpy_are_accepted() -> None:
    checks = OptionChecks()
    checks.whole("people", np.int64(3))
    checks.number("share", np.float64(0.5), most=1.0)
    checks.switch("flipped", value=False)
    checks.one_of("arm", "alike", ["control", "alike"])
    checks.finish()


def test_words_are_no_switches_and_all_defects_come_at_once() -> None:
    checks = OptionChecks()
    checks.switch("flipped", "no")
    checks.whole("people", 0)
    with pytest.raises(ConfigError, match="flipped must be True or False, got 'no'; people must"):
        checks.finish()
