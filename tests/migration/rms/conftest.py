"""One random decoder for all tests of the network, made once; without torch there are none."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

EXTRA = ("torch", "transformers", "peft")

collect_ignore_glob = [] if all(map(find_spec, EXTRA)) else ["test_*.py"]


@pytest.fixture(scope="session")
def backbone_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from .tiny import save_backbone

    return save_backbone(tmp_path_factory.mktemp("backbone"))
