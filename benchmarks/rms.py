"""Speed and quality of trained migration decisions, one thread; prints JSON.

Usage::

    python benchmarks/rms.py --data FOLDER --backbone FOLDER_OR_GGUF [--year 2015]
    python benchmarks/rms.py --decisions 100000 [--backbone FOLDER_OR_GGUF]

The first form measures the RMS-Agent, fast path and whole text. The second measures
`MigrationDecision.decide` for invented persons, all rows new: by the default tabular model, by an
RMS-Agent on a random decoder that is made for it (its size stands in the result), and on
`--backbone`, once with `upper=2`. All are trained on 2000 invented persons. The digest is that of
the decisions.

FOLDER holds ``train_<year>.csv.gz`` and ``val_<year>.csv.gz`` with the columns of the default
schema. Rows per second are rows per CPU second (user and system) of this process. Training
speed is that of the median step; reading the backbone and the cells stands beside it. The
"grouped" figures leave out of training every household of the validation rows.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.evaluation.evaluation import without_households
from mesa_llm_city.migration.evaluation.metrics import auc, ece, log_loss
from mesa_llm_city.migration.models.rms import Progress, RMSAgent, RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs, padded
from mesa_llm_city.migration.models.rms.network import RMSNetwork
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey

_RANDOM: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 6,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "tie_word_embeddings": True,
}


def main() -> None:
    """Measure what is asked for and print one JSON object."""
    options = _options()
    torch.set_num_threads(1)
    if options.decisions:
        print(json.dumps(decisions(options.decisions, options.backbone), indent=2))
        return
    train, val = (_table(options.data, part, options.year) for part in ("train", "val"))
    config = RMSConfig(
        backbone=str(options.backbone), epochs=options.epochs, household_mean=options.household_mean
    )
    told: dict[str, Any] = {"benchmark": "rms", "year": options.year, "config": config.to_dict()}
    told["cells"] = measure(train, val, config)
    if options.grouped:
        told["cells_grouped"] = measure(without_households(train, val), val, config)
    if options.text_rows:
        rows = np.arange(options.text_rows)
        for depth in (config.depth, None):
            whole = replace(config, path="text", depth=depth, epochs=1, batch_rows=16)
            told[f"text_depth_{depth or 'all'}"] = measure(train.take(rows), val.take(rows), whole)
        told["cells_against_same_words_in_full"] = difference(val.take(rows), config)
    if options.compare_rows:
        rows = np.arange(options.compare_rows)
        told["same_rows"] = {
            path: measure(train.take(rows), val.take(rows), replace(config, path=path))
            for path in ("cells", "text")
        }
    print(json.dumps(told, indent=2))


def decisions(count: int, backbone: Path | None) -> dict[str, Any]:
    """Return the time of many decisions by each model."""
    with tempfile.TemporaryDirectory() as folder:
        told: dict[str, Any] = {
            "benchmark": "decisions",
            "persons": count,
            "tabular": decide(TabularModel(), count),
            "rms_random": decide(_agent(_random_backbone(Path(folder))), count),
        }
    told["rms_random"]["backbone"] = {**_RANDOM, "model_type": "llama", "tokenizer": "bytes"}
    if backbone is not None:
        for name, upper in (("rms", None), ("rms_upper_2", 2)):
            told[name] = decide(_agent(backbone, upper=upper), count)
            told[name]["backbone"] = backbone.name
    return told


def decide(model: Any, count: int) -> dict[str, Any]:  # noqa: ANN401 - of any kind
    """Return CPU seconds of deciding for `count` new persons, and for the same ones again."""
    model.fit(synthetic_survey(2000, seed=2))
    people, decision = synthetic_survey(count, seed=1), MigrationDecision(model=model)
    told: dict[str, Any] = {"model": decision.name}
    for name, step in (("cpu_s", 0), ("again_cpu_s", 1)):
        began = process_time()
        decided = decision.decide(people, ids=range(count), seed=7, step=step)
        told[name] = round(process_time() - began, 2)
    moves = np.stack([decided.is_returning, decided.is_leaving])
    told["digest"] = sha256(moves.tobytes() + decided.p.round(6).tobytes()).hexdigest()[:16]
    if isinstance(model, RMSAgent):
        config = model.config.to_dict()
        told["config"] = {name: config[name] for name in ("depth", "upper", "queries", "path")}
    return told


def _agent(backbone: Path, *, upper: int | None = None) -> RMSAgent:
    return RMSAgent(backbone=str(backbone), epochs=1, upper=upper)


def _random_backbone(folder: Path) -> Path:
    """Write a random Llama that reads bytes."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    wrapped: Any = PreTrainedTokenizerFast
    wrapped(tokenizer_object=tokenizer).save_pretrained(folder)
    torch.manual_seed(0)
    LlamaForCausalLM(LlamaConfig(vocab_size=len(letters), **_RANDOM)).save_pretrained(folder)
    return folder


def measure(train: SurveyTable, val: SurveyTable, config: RMSConfig) -> dict[str, Any]:
    """Return speed and quality of one training."""
    ticks: list[float] = []

    def tick(_: Progress) -> None:
        ticks.append(process_time())

    began = process_time()
    agent = RMSAgent(config).fit(train, val, report=tick)
    fitted = process_time()
    p = agent.predict_proba(val)[:, 1]
    predicted = process_time()
    odds = np.log(p) - np.log1p(-p)
    return {
        "train_rows": len(train),
        "val_rows": len(val),
        "val_auc": auc(val.target, odds),
        "val_log_loss": log_loss(val.target, odds),
        "val_ece": ece(val.target, p),
        "curve": [point.val_auc for point in agent.curve],
        "train_rows_per_cpu_s": config.batch_rows / float(np.median(np.diff(ticks))),
        "predict_rows_per_cpu_s": len(val) / (predicted - fitted),
        "set_up_cpu_s": ticks[0] - began,
        "fit_cpu_s": fitted - began,
        **_reloaded(agent, val, p),
    }


def difference(table: SurveyTable, config: RMSConfig) -> dict[str, float]:
    """Return how far h by cells is from h by the same words read in full, before training."""
    model = TrainedModel.for_training(table, config)
    by_cells = _state(model.network, model.read(table))
    words = ["".join(row) for row in zip(*model.reader.cells(table), strict=True)]
    texts = [model.reader.opening + row for row in words]
    ids = padded([model.backbone.ids_of(text) for text in texts], left=True, multiple=8)
    network = RMSNetwork(model.backbone, config, features=len(model.reader.encoder.names))
    by_text = _state(network, replace(model.read(table), words=ids))
    across = by_text - by_text.mean(axis=0)
    length = np.linalg.norm(by_cells, axis=1) * np.linalg.norm(by_text, axis=1)
    return {
        "mean_cosine": float(np.mean((by_cells * by_text).sum(axis=1) / length)),
        "error_over_spread_between_rows": float(
            np.linalg.norm(by_cells - by_cells.mean(axis=0) - across) / np.linalg.norm(across)
        ),
    }


def _state(network: RMSNetwork, inputs: Inputs) -> np.ndarray[Any, np.dtype[np.float32]]:
    blocks = [np.arange(at, min(at + 16, len(inputs))) for at in range(0, len(inputs), 16)]
    with torch.inference_mode():
        states = [network.eval().state(inputs.take(rows)).float().numpy() for rows in blocks]
    return np.concatenate(states)


def _reloaded(agent: RMSAgent, val: SurveyTable, p: Any) -> dict[str, Any]:  # noqa: ANN401
    with tempfile.TemporaryDirectory() as folder:
        agent.save(folder)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        began = process_time()
        again = RMSAgent.load(folder)
        loaded = process_time()
        same = bool(np.array_equal(again.predict_proba(val)[:, 1], p))
    return {
        "checkpoint_kb": round(size / 1024),
        "load_cpu_s": loaded - began,
        "first_predict_cpu_s": process_time() - loaded,
        "reload_is_bit_equal": same,
    }


def _table(folder: Path, part: str, year: int) -> SurveyTable:
    return read_survey(folder / f"{part}_{year}.csv.gz", chfs())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--backbone", type=Path)
    parser.add_argument("--decisions", type=int, default=0, metavar="N")
    parser.add_argument("--year", type=int, default=2015)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--household-mean", action="store_true")
    parser.add_argument("--grouped", action="store_true")
    parser.add_argument("--text-rows", type=int, default=64)
    parser.add_argument("--compare-rows", type=int, default=0)
    options = parser.parse_args()
    if not options.decisions and (options.data is None or options.backbone is None):
        parser.error("give --data and --backbone, or --decisions")
    return options


if __name__ == "__main__":
    main()
