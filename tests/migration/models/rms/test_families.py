"""Every family of language models: constructed, trained, saved and read again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM, BertModel

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.rms.backbone import check_backbone, load_backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.families import FAMILIES
from mesa_llm_city.migration.models.rms.inputs import Inputs, padded
from mesa_llm_city.migration.models.rms.network import RMSNetwork
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from tests.migration.models.rms.tiny import save_tokenizer, survey

COMMON: dict[str, Any] = {"vocab_size": 256, "hidden_size": 32, "num_hidden_layers": 3}
SHAPE = {**COMMON, "intermediate_size": 48, "num_attention_heads": 4}
GROUPED = {**SHAPE, "num_key_value_heads": 2}
SPECIAL = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
WINDOW = {**GROUPED, **SPECIAL, "head_dim": 8, "sliding_window": 16}
OPTIONS: dict[str, dict[str, Any]] = {
    "llama": GROUPED,
    "mistral": {**GROUPED, "sliding_window": 16},
    "qwen2": GROUPED,
    "qwen3": {**GROUPED, "head_dim": 8},
    "gemma": {**GROUPED, **SPECIAL, "head_dim": 8},
    "gemma2": WINDOW,
    "gemma3_text": {**WINDOW, "sliding_window_pattern": 2},
    "phi": SHAPE,
    "phi3": {**GROUPED, **SPECIAL},
    "gpt2": {"vocab_size": 256, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 512},
    "bert": {**SHAPE, "max_position_embeddings": 512},
}
_OF_SAVING = {"dtype", "max_shard_size"}
TRAIN, ROWS = survey(48), survey(12, seed=3)


def saved(folder: Path, name: str, **options: Any) -> Path:  # noqa: ANN401 - of any architecture
    """Write a random language model of a family, without any download."""
    save_tokenizer(folder)
    own = {one: options.pop(one) for one in list(options) if one not in _OF_SAVING}
    config: Any = AutoConfig.for_model(name, **{**OPTIONS[name], **own})
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        maker: Any = AutoModelForCausalLM
        model = BertModel(config) if name == "bert" else maker.from_config(config)
    model.to(options.pop("dtype", torch.float32)).save_pretrained(folder, **options)
    return folder


@pytest.fixture(params=list(FAMILIES))
def family(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    return request.param, saved(tmp_path / "backbone", request.param)


def test_every_family_is_tested() -> None:
    assert set(OPTIONS) == set(FAMILIES)


def test_an_agent_of_every_family_is_trained_and_read_again(
    family: tuple[str, Path], tmp_path: Path
) -> None:
    name, backbone = family
    path = "text" if FAMILIES[name].is_encoder else "cells"
    options: dict[str, Any] = {"path": path, "style": "compact", "batch_rows": 16, "epochs": 1}
    agent = RMSAgent(backbone=str(backbone), depth=2, precision="fp32", **options)
    before = load_backbone(backbone, depth=2)
    p = agent.fit(TRAIN).predict_proba(ROWS)
    agent.save(tmp_path / "run")
    again = RMSAgent.load(tmp_path / "run")
    assert again._model is not None
    assert again._model.backbone.depth == 2
    assert np.array_equal(again.predict_proba(ROWS), p)
    assert len(np.unique(p[:, 1])) == len(ROWS)
    kept = dict(before.body.named_parameters())
    for part, weight in again._model.backbone.body.named_parameters():
        assert torch.equal(weight, kept[part])


def test_the_lowest_layers_are_those_of_the_whole_model(family: tuple[str, Path]) -> None:
    _, backbone = family
    whole, cut = load_backbone(backbone), load_backbone(backbone, depth=2)
    assert (whole.depth, cut.depth) == (3, 2)
    known = dict(whole.body.named_parameters())
    live = dict(cut.body.named_parameters())
    assert not any(".2." in name for name in live)
    assert all(torch.equal(part, known[name]) for name, part in live.items())


def test_what_is_kept_of_the_opening_is_as_good_as_reading_it_again(
    family: tuple[str, Path],
) -> None:
    name, backbone = family
    if FAMILIES[name].is_encoder:
        return
    options: dict[str, Any] = {"text": False, "depth": 3, "precision": "fp32"}
    states = []
    for path in ("cells", "text"):
        model = TrainedModel.for_training(
            ROWS, RMSConfig(backbone=str(backbone), path=path, **options)
        )
        states.append(model.network.eval().state(model.read(ROWS)))
    assert torch.allclose(states[0], states[1], atol=1e-5)


def test_the_lower_layers_can_be_passed_by(family: tuple[str, Path], tmp_path: Path) -> None:
    name, backbone = family
    if FAMILIES[name].is_encoder:
        return
    options: dict[str, Any] = {"depth": 3, "upper": 1, "epochs": 1, "precision": "fp32"}
    agent = RMSAgent(backbone=str(backbone), **options).fit(TRAIN)
    p = agent.predict_proba(ROWS)
    assert agent._model is not None
    network = agent._model.network
    assert len(network.attention(agent._model.read(ROWS))) == 1
    assert all(".2." in part for part in network.adapters())
    agent.save(tmp_path / "run")
    assert np.array_equal(RMSAgent.load(tmp_path / "run").predict_proba(ROWS), p)


def test_to_pass_no_layer_by_changes_only_the_size_of_new_tokens(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "qwen3")
    config = RMSConfig(backbone=str(backbone), precision="fp32", tabular=False)
    usual, same = (
        TrainedModel.for_training(ROWS, replace(config, upper=upper)) for upper in (None, 9)
    )
    with torch.no_grad():
        same.network.queries.copy_(usual.network.queries)
    states = [one.network.eval().state(one.read(ROWS)) for one in (usual, same)]
    assert torch.equal(states[0], states[1])


def test_the_adapters_are_beside_queries_and_values(family: tuple[str, Path]) -> None:
    name, backbone = family
    config = RMSConfig(backbone=str(backbone), path="text")
    network = RMSNetwork(load_backbone(backbone), config, features=3)
    adapted = {part.partition(".lora_")[0].rpartition(".")[2] for part in network.adapters()}
    assert adapted == set(FAMILIES[name].targets)


def test_words_after_it_change_what_an_encoder_reads_but_not_a_decoder(tmp_path: Path) -> None:
    for name, changes in (("bert", True), ("llama", False)):
        body = load_backbone(saved(tmp_path / name, name)).body
        short, long = (body(torch.tensor([ids])).last_hidden_state for ids in ([5, 6], [5, 6, 7]))
        assert torch.allclose(short, long[:, :2], atol=1e-6) is not changes


def test_padding_changes_nothing_for_an_encoder(tmp_path: Path) -> None:
    backbone = load_backbone(saved(tmp_path, "bert"))
    config = RMSConfig(backbone=str(tmp_path), path="text", queries=2)
    network = RMSNetwork(backbone, config, features=3).eval()
    ids, features = [5, 6, 7], np.ones((1, 3))
    states = [
        network.state(Inputs.of(features, padded([ids], left=True, multiple=size)))
        for size in (1, 8)
    ]
    assert torch.allclose(states[0], states[1], atol=1e-6)


def test_an_encoder_reads_the_opening_alone_without_text(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "bert")
    agent = RMSAgent(backbone=str(backbone), text=False, path="text", epochs=1)
    assert agent.fit(TRAIN).predict_proba(ROWS).shape == (12, 2)


@pytest.mark.parametrize(
    ("options", "told"),
    [({"path": "cells"}, "use path='text'"), ({"head": "generative"}, "use head='linear'")],
)
def test_what_an_encoder_cannot_do_is_said_before_it_is_read(
    tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    backbone = saved(tmp_path, "bert")
    (backbone / "model.safetensors").write_bytes(b"not read")
    with pytest.raises(ConfigError, match=rf"bert is an encoder.*{told}"):
        check_backbone(RMSConfig(backbone=str(backbone), **{"path": "text", **options}))


@pytest.mark.parametrize("depth", [None, 1])
def test_weights_in_parts_and_in_bf16_are_read(tmp_path: Path, depth: int | None) -> None:
    backbone = saved(tmp_path, "qwen2", dtype=torch.bfloat16, max_shard_size="8KB")
    parts = sorted(tmp_path.glob("model-*.safetensors"))
    assert len(parts) > 1
    on_disk = {name: one for part in parts for name, one in load_file(part).items()}
    assert {one.dtype for one in on_disk.values()} == {torch.bfloat16}
    for precision, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        body = load_backbone(backbone, precision=precision, depth=depth).body
        for name, weight in body.named_parameters():
            assert weight.dtype == kind
            assert torch.equal(weight, on_disk[f"model.{name}"].to(kind))
    parts[-1].unlink()
    with pytest.raises(DataError, match=rf"{parts[-1].name} is missing"):
        load_backbone(backbone)


def test_the_generative_head_is_read_where_it_is_needed_only(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "gemma2")
    assert load_backbone(backbone).language_head is None
    read = load_backbone(backbone, with_head=True)
    assert read.language_head is not None
    assert read.logit_cap == 30.0
    options: dict[str, Any] = {"queries": 0, "tabular": False, "head": "generative"}
    agent = RMSAgent(backbone=str(backbone), epochs=1, **options)
    assert agent.fit(TRAIN).predict_proba(ROWS).shape == (12, 2)


@pytest.mark.parametrize(("name", "enlarged"), [("gemma3_text", 32**0.5), ("llama", 1.0)])
def test_new_tokens_are_of_the_size_of_those_that_are_looked_up(
    tmp_path: Path, name: str, enlarged: float
) -> None:
    backbone = load_backbone(saved(tmp_path, name))
    plain = float(backbone.embeddings.square().mean().sqrt())
    assert backbone.scale == pytest.approx(enlarged * plain, rel=1e-5)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"model_type": "mamba"}, "architecture 'mamba'; accepted are llama, mistral, qwen2"),
        ({"model_type": "gemma3"}, "give its text part, saved as 'gemma3_text'"),
        ({"model_type": "poem"}, "poem"),
        ({"quantization_config": {"quant_method": "gptq"}}, "quantised .method 'gptq'"),
    ],
)
def test_other_architectures_and_quantised_weights_are_refused_in_words(
    tmp_path: Path, found: dict[str, Any], told: str
) -> None:
    backbone = saved(tmp_path, "llama")
    config = json.loads((backbone / "config.json").read_text())
    (backbone / "config.json").write_text(json.dumps({**config, **found}))
    with pytest.raises(DataError, match=told):
        load_backbone(backbone)


def test_a_text_that_is_too_long_is_refused_in_words(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "gpt2", n_positions=20)
    for path in ("text", "cells"):
        agent = RMSAgent(backbone=str(backbone), path=path, epochs=1)
        with pytest.raises(DataError, match=r"has \d+ tokens, and the language model reads 20 at"):
            agent.fit(TRAIN)


def test_weights_of_another_shape_are_named(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "llama")
    config = json.loads((backbone / "config.json").read_text())
    (backbone / "config.json").write_text(json.dumps({**config, "intermediate_size": 40}))
    with pytest.raises(
        DataError, match=r"down_proj\.weight has shape \(32, 48\), and config\.json"
    ):
        load_backbone(backbone)


def test_maps_that_do_not_exist_are_refused_in_words(tmp_path: Path) -> None:
    backbone = saved(tmp_path, "gpt2")
    agent = RMSAgent(backbone=str(backbone), adapter_targets=("q_proj",))
    with pytest.raises(ConfigError, match=r"adapter_targets has q_proj.*are c_attn, c_fc, c_proj"):
        agent.fit(TRAIN)


_MEASURE = """
import re, sys
from pathlib import Path
from mesa_llm_city.migration.models.rms.backbone import load_backbone
def used():
    told = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+)", told)[1]) / 1024
load_backbone(sys.argv[1])
seen = [used()]
for depth in (1, 24):
    load_backbone(sys.argv[2], depth=depth)
    seen.append(used())
print(seen[1] - seen[0], seen[2] - seen[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_layers_above_the_cut_need_no_memory(tmp_path: Path) -> None:
    small = saved(tmp_path / "small", "llama")
    shape = {"hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 24}
    large = saved(tmp_path / "large", "llama", dtype=torch.bfloat16, **shape)
    command = [sys.executable, "-c", _MEASURE, str(small), str(large)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    one_mb, all_mb = map(float, done.stdout.split())
    layer_mb = 4 * (2 * 256 * 256 + 2 * 128 * 256 + 3 * 256 * 1024) / 2**20
    assert all_mb > 20 * layer_mb
    assert one_mb < 8 * layer_mb
