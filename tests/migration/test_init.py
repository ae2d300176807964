"""The package: its names are found, and heavy libraries are loaded only when used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mesa_llm_city.migration as package

HEAVY = ("pandas", "sklearn", "torch", "transformers", "pydantic")


@pytest.mark.parametrize("name", [name for name in package.__all__ if not name.startswith("RMS")])
def test_a_public_name_is_found(name: str) -> None:
    assert getattr(package, name).__module__.startswith("mesa_llm_city.migration.")


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Migrant'; it has"):
        _ = package.Migrant


def test_importing_loads_nothing_heavy() -> None:
    program = (
        "import sys, mesa_llm_city.migration as m\n"
        "m.Encoder, m.SurveyTable, m.chfs, m.Verbalisation, m.leakage_report, m.synthetic_survey\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
