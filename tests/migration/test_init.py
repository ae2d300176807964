"""The package exports its names and loads heavy libraries only when they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mesa_llm_city.migration as package

HEAVY = ("pandas", "sklearn", "torch", "transformers")


@pytest.mark.parametrize("name", [name for name in package.__all__ if not name.startswith("RMS")])
def test_a_public_name_can_be_imported(name: str) -> None:
    assert getattr(package, name).__module__.startswith("mesa_llm_city.migration.")


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Migrant'; it has"):
        _ = package.Migrant


@pytest.mark.slow
def test_importing_the_package_loads_no_heavy_library() -> None:
    program = (
        "import sys, mesa_llm_city.migration as m\n"
        "m.Encoder, m.SurveyTable, m.chfs, m.Verbalisation, m.leakage_report, m.synthetic_survey\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
