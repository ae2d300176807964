"""The folder of a finished run: whether it can be looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.ui.views.run_folder import check_folder


def test_what_is_wrong_with_what_was_done_is_told_before_a_page_is_opened(
    tmp_path: Path, empty_pictures: None
) -> None:
    del empty_pictures
    spoiled = tmp_path / "spoiled"
    run(RunOptions(citizens=8, out=spoiled))
    manifest = json.loads((spoiled / "manifest.json").read_text())
    manifest["acts"] = [{"minute": "noon", "kind": "close", "what": {}}]
    manifest["config"]["interventions"] = "close all"
    (spoiled / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DataError, match="acts must be a list of tables with minute, kind, what"):
        check_folder(spoiled)
