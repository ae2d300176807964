"""One random decoder for all tests of the network, made once."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def backbone_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.migration.models.rms.tiny import save_backbone

    return save_backbone(tmp_path_factory.mktemp("backbone"))
