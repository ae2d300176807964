"""Spoilt inputs of every family end in one message, or are accepted rightly.

A few tries here; ``python benchmarks/fuzz.py`` makes a thousand of each family.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.families import families
from tests.fuzz.trial import Family, tried

FAMILIES = {one.name: one for one in families()}
SLOW = ("rms", "run folders")
TRIES = 6


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return folders of valid input by family, made when they are first asked for."""
    return _Made(tmp_path_factory.mktemp("valid"))


class _Made(dict[str, Path]):
    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home

    def __missing__(self, name: str) -> Path:
        folder = self[name] = self.home / name.replace(" ", "_")
        folder.mkdir()
        FAMILIES[name].make(folder)
        return folder


EVERY = [
    pytest.param(one, marks=pytest.mark.slow if name in SLOW else (), id=name)
    for name, one in FAMILIES.items()
]


@pytest.mark.usefixtures("empty_pictures")
@pytest.mark.parametrize("family", EVERY)
def test_input_that_was_not_spoilt_is_accepted(
    family: Family, valid: dict[str, Path], tmp_path: Path
) -> None:
    whole = replace(family, spoil=lambda _, __: "nothing")
    assert tried(whole, valid[family.name], tmp_path / "case", Random(1)).kind == "accepted"  # noqa: S311 - a test


@pytest.mark.usefixtures("empty_pictures")
@pytest.mark.parametrize("family", EVERY)
@settings(max_examples=TRIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_spoilt_input_is_refused_with_one_message_or_accepted_rightly(
    family: Family, valid: dict[str, Path], seed: int
) -> None:
    with TemporaryDirectory() as folder:
        found = tried(family, valid[family.name], Path(folder, "case"), Random(seed))  # noqa: S311 - a test
    assert found.kind in {"refused", "accepted"}, f"{found.how}: {found.what}"
