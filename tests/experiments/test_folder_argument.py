"""The command lines of sweeps."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from mesa_llm_city.experiments.catalogue import list_models
from mesa_llm_city.experiments.folder_argument import folder_argument

COMMANDS = [
    f"{model.name}.{file.stem}"
    for model in list_models()
    for file in sorted(model.folder.glob("*.py"))
    if 'if __name__ == "__main__":' in file.read_text(encoding="utf-8")
    and model.name in {"basic_income", "community", "polarisation", "recommender", "rumour"}
]


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_what_a_command_takes_and_begins_no_run(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [name, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"mesa_llm_city.models.{name}", run_name="__main__")
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_a_folder_is_the_named_one_or_the_default() -> None:
    assert folder_argument("Runs.", "runs/x", ["found"]) == Path("found")
    assert folder_argument("Runs.", "runs/x", []) == Path("runs/x")
