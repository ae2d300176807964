"""A two-layer random decoder on disk, and a survey of invented persons: no weights needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from mesa_llm_city.migration.survey.column import Column, Translation
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema


def zh(label: str) -> dict[str, Translation]:
    """Return a Chinese label."""
    return {"zh": Translation(label=label)}


SCHEMA_FEATURES = (
    Column(name="age", kind="number", label="Age", translations=zh("年龄"), unit="years"),
    Column(name="wage", kind="number", label="Wage", translations=zh("工资"), unit="RMB"),
    Column(
        name="work",
        kind="category",
        label="Work",
        translations=zh("工作"),
        codes={0: "no work", 1: "has work"},
    ),
)
TRAJECTORY = Column(name="lived", kind="text", label="Lived in", translations=zh("居住地"))


def save_tokenizer(folder: Path) -> int:
    """Write a byte-level tokenizer to `folder`; return the number of its tokens."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    wrapped: Any = PreTrainedTokenizerFast
    wrapped(tokenizer_object=tokenizer).save_pretrained(folder)
    return len(letters)


def save_backbone(folder: Path, *, seed: int = 0, layers: int = 2) -> Path:
    """Write a random Llama with a byte-level tokenizer to `folder`."""
    letters = save_tokenizer(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = LlamaConfig(
            vocab_size=letters,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            tie_word_embeddings=True,
        )
        LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def save_encoder(folder: Path, *, seed: int = 0) -> Path:
    """Write a random BERT with a byte-level tokenizer to `folder`."""
    letters = save_tokenizer(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = BertConfig(
            vocab_size=letters,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=512,
        )
        BertModel(config).save_pretrained(folder)
    return folder


def survey(count: int, *, seed: int = 1, is_travelled: bool = False) -> SurveyTable:
    """Return `count` persons; the old without work return, and so do those back in Sichuan."""
    draws = np.random.default_rng(seed)
    age = draws.integers(16, 61, count).astype(float)
    work = draws.integers(0, 2, count).astype(float)
    wage = np.where(draws.random(count) < 0.3, np.nan, draws.lognormal(10.0, 1.0, count).round())
    chance = 1.0 / (1.0 + np.exp(-0.2 * (age - 38.0) + 3.0 * (work - 0.5)))
    frame = pd.DataFrame({"age": age, "wage": wage, "work": work})
    features: tuple[Column, ...] = SCHEMA_FEATURES
    if is_travelled:
        home = draws.random(count) < 0.5
        frame["lived"] = np.where(home, "Sichuan > Hubei > Sichuan", "Sichuan > Hubei")
        chance, features = home.astype(float), (*features, TRAJECTORY)
    return SurveyTable(
        frame=frame,
        target=(draws.random(count) < chance).astype(np.int8),
        group=np.arange(count) // 2,
        schema=binary_schema(features=features, group="hhid"),
    )
