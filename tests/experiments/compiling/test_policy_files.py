"""Files of policies among the options of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city.citizen.presets import PROMPTS
from mesa_llm_city.experiments.options import OptionsError, RunOptions
from mesa_llm_city.experiments.policy_files import named_files, prompts_beside, read_policies
from mesa_llm_city.policies import write_policy
from tests.policies.policies import mode_policy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a policy about modes in it."""
    write_policy(mode_policy(), tmp_path / "made" / "mode.parquet")
    return tmp_path


@pytest.mark.parametrize("text", ["mode=made/mode.parquet", "made/mode.parquet"])
def test_paths_in_a_file_start_from_its_folder(folder: Path, text: str) -> None:
    (folder / "run.toml").write_text(f'mind = "policy"\npolicy = ["{text}"]\n', encoding="utf-8")
    options = RunOptions.load(folder / "run.toml")
    assert named_files(options) == {"mode": folder / "made" / "mode.parquet"}
    assert read_policies(options)["mode"].answers == ("car", "train", "walk")


def test_policies_may_be_a_table(folder: Path) -> None:
    options = RunOptions(mind="policy", policy={"mode": folder / "made" / "mode.parquet"})
    assert options.policy_files == (("mode", folder / "made" / "mode.parquet"),)
    assert RunOptions(**options.to_dict()).policy_files == options.policy_files


def test_a_policy_takes_the_place_of_the_prompt_of_its_name(folder: Path) -> None:
    file = folder / "made" / "mode.parquet"
    options = RunOptions(mind="prompt", llm="openai/gpt-5-mini", policy=[file])
    assert prompts_beside(options, read_policies(options)) == PROMPTS.keys() - {"mode"}
    named = options.with_(prompts=["plan"])
    assert prompts_beside(named, read_policies(named)) == {"plan"}


def test_without_policies_nothing_of_them_is_told() -> None:
    assert "policy" not in RunOptions().to_dict()
    assert read_policies(RunOptions()) == {}


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(OptionsError, match=r"there is no file nowhere\.parquet; give"):
        RunOptions(mind="policy", policy="mode=nowhere.parquet")
