"""What the commands of migration read and write: tables, models, schemas and files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesa_llm_city.llm import LLM
    from mesa_llm_city.migration.models.base import MigrationModel
    from mesa_llm_city.migration.survey.schema import Schema
    from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = [
    "answering_llm",
    "fit_and_save",
    "leave_out_earlier",
    "named_values",
    "outcome_notes",
    "probabilities",
    "read_compared",
    "read_model",
    "read_tables",
    "untrained",
    "untrained_model",
    "untrained_twin",
    "words",
    "write_file",
]


def untrained_model(backend: str, **options: Any) -> MigrationModel:  # noqa: ANN401 - options of any model
    """Return an untrained model of the kind that the command line names."""
    from mesa_llm_city.migration.evaluation.model_registry import make_model, needs_backbone
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    _check_uses(backend, options)
    view = options.pop("missing")
    if backend == "prompt":
        return PromptModel(missing=view)
    method = "hist_gradient_boosting" if backend == "tabular" else backend
    model = make_model(method, view=view, **options)
    if needs_backbone(method):
        agent: Any = model
        agent.check()  # before rows are read
    return model


def untrained(
    outcomes: str,
    backend: str,
    *,
    is_twinned: bool,
    **options: Any,  # noqa: ANN401 - options of any model
) -> MigrationModel:
    """Return an untrained model of one outcome, or of several."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes

    if outcomes not in {"one", "several"}:
        message = f"--outcomes must be one or several, got {outcomes!r}"
        raise ConfigError(message)
    model = untrained_model(backend, **options)
    if outcomes == "one":
        return model
    if is_twinned:
        message = "--twin is for one outcome; leave it out, or --outcomes several"
        raise ConfigError(message)
    return SeveralOutcomes(lambda: untrained_model(backend, **options))


def probabilities(model: MigrationModel, table: SurveyTable) -> tuple[tuple[str, ...], Any]:
    """Return names of columns and probabilities: p of label 1, or of each of several outcomes."""
    from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes

    if not isinstance(model, SeveralOutcomes):
        return ("p",), model.predict_proba(table)[:, 1:]
    codes = model.schema.outcome.codes
    return tuple(f"p_{code}" for code in codes), model.predict_outcomes(table)


_TRAINED_ONLY = {"--household-mean": "household_mean", "--refit": "refit"}
_TABULAR_ONLY = {"--repeats": "repeats"}
_BACKBONE_ONLY = {"--backbone": "backbone", "--rms or --budget-s": "rms_options"}


def _check_uses(backend: str, options: Mapping[str, Any]) -> None:
    """Refuse options that would be ignored."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.evaluation.model_registry import RULES, needs_backbone

    reads_text = needs_backbone(backend)
    unused = _TABULAR_ONLY if reads_text else _BACKBONE_ONLY
    if backend in {*RULES, "prompt"}:
        unused = {**unused, **_TRAINED_ONLY, **_TABULAR_ONLY}
    if given := [name for name, key in unused.items() if _is_given(options.get(key))]:
        message = f"--backend {backend} has no use for {', '.join(given)}; leave it out"
        raise ConfigError(message)
    if (options.get("rms_options") or {}).get("budget_s", 1.0) <= 0.0:
        message = f"--budget-s must be positive, got {options['rms_options']['budget_s']:g}"
        raise ConfigError(message)


def _is_given(value: object) -> bool:
    is_repeated = isinstance(value, int) and value > 1
    return is_repeated or value is True or (isinstance(value, str | dict) and bool(value))


def untrained_twin(backend: str, missing: str, **options: Any) -> MigrationModel:  # noqa: ANN401 - options of any model
    """Return the untrained twin of a trained model, which does not see what is missing."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.evaluation.model_registry import RULES

    model = untrained_model(backend, missing="impute", **options)
    if missing != "indicator" or backend in {*RULES, "prompt", "zero_shot"}:
        message = (
            f"--twin is for models that are trained with --missing indicator, got --backend "
            f"{backend} and --missing {missing}"
        )
        raise ConfigError(message)
    return model


def read_tables(
    train: Path, val: Path | None, split: str, schema: Schema, seed: int
) -> tuple[SurveyTable, SurveyTable | None]:
    """Return the rows to learn from, and those set aside for early stopping."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.evaluation.evaluation import without_households
    from mesa_llm_city.migration.survey.splitting import split as divided
    from mesa_llm_city.migration.survey.table import read_survey

    if split not in {"predefined", "random", "grouped"}:
        message = f"--split must be predefined, random or grouped, got {split!r}"
        raise ConfigError(message)
    if split == "random" and val is not None:
        message = "--split random divides the rows of --train; leave --val out"
        raise ConfigError(message)
    rows = read_survey(train, schema)
    if val is not None:
        held_out = read_survey(val, schema)
        return (without_households(rows, held_out) if split == "grouped" else rows), held_out
    if split == "predefined":
        return rows, None
    by: Any = split
    learnt, held_out, _ = divided(rows, by, (0.9, 0.1, 0.0), seed)
    return learnt, held_out


def read_compared(
    train: Path, test: Path | None, schema: Schema, seed: int
) -> tuple[SurveyTable, SurveyTable]:
    """Return two tables to compare; without the second, a fifth of the first is set aside."""
    from mesa_llm_city.migration.survey.splitting import split as divided
    from mesa_llm_city.migration.survey.table import read_survey

    rows = read_survey(train, schema)
    if test is not None:
        return rows, read_survey(test, schema)
    by: Any = "random" if rows.group is None else "grouped"
    parts = divided(rows, by, (0.8, 0.0, 0.2), seed)
    return parts.train, parts.test


def fit_and_save(
    model: MigrationModel, rows: SurveyTable, held_out: SurveyTable | None, out: Path
) -> None:
    """Train and save; an RMS-Agent keeps its last good checkpoint in the folder meanwhile."""
    from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
    from mesa_llm_city.migration.models.push_pull import PushPullRule
    from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes
    from mesa_llm_city.migration.models.tabular import TabularModel
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    at_once = TabularModel | PromptModel | ExpectationRule | PushPullRule | SeveralOutcomes
    if isinstance(model, at_once):
        model.fit(rows, held_out).save(out)
        return
    resumable: Any = model
    resumable.fit(rows, held_out, folder=out)


def leave_out_earlier(out: Path) -> list[str]:
    """Remove the flows and the twin of an earlier model of a folder; return what was removed."""
    from mesa_llm_city.migration.flows.calibration import FLOWS_FILE
    from mesa_llm_city.migration.models.checkpoint import CONFIG
    from mesa_llm_city.migration.models.loading import TWIN

    found = [path for path in (out / FLOWS_FILE, out / TWIN / CONFIG) if path.is_file()]
    for path in found:
        path.unlink()
    return [f"removed {path}, which was of an earlier model" for path in found]


def read_model(
    folder: Path,
    llm: str | None,
    api_base: str | None,
    key_env: str | None,
    store: Path | None,
    *,
    backbone: str | None = None,
    device: str | None = None,
) -> MigrationModel:
    """Read a trained model, and give it the language model or the answers that it asks."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.migration.models.loading import load_model
    from mesa_llm_city.migration.models.zero_shot import PromptModel

    model = load_model(folder, backbone=backbone, device=device)
    given = {"--llm": llm, "--api-base": api_base, "--key-env": key_env, "--store": store}
    unused = [name for name, value in given.items() if value is not None]
    if unused and not isinstance(model, PromptModel):
        message = f"the model in {folder} asks no language model; leave out {', '.join(unused)}"
        raise ConfigError(message)
    if llm is not None or store is not None:
        model.backend = answering_llm(llm, api_base, key_env, store)  # type: ignore[attr-defined]
    return model


def answering_llm(
    llm: str | None, api_base: str | None, key_env: str | None, store: Path | None
) -> LLM:
    """Return a language model to ask, or one that gives the answers of a file."""
    from mesa_llm_city.llm import LLM, ClientSpec

    if llm is None:
        return LLM.replay(str(store))
    if llm.endswith(".gguf"):
        spec = ClientSpec(backend="local", model=f"local/{Path(llm).stem}", gguf=llm)
        return LLM(spec, store=store)
    backend: Any = "litellm" if api_base is None else "http"
    spec = ClientSpec(backend=backend, model=llm, api_base=api_base, key_env=key_env)
    return LLM(spec, store=store)


def outcome_notes(rows: SurveyTable) -> tuple[str, ...]:
    """Return what is said of an outcome of more than two values, which becomes a label."""
    outcome = rows.schema.outcome
    if outcome.is_binary:
        return ()
    others = ", ".join(str(code) for code in outcome.codes if code != outcome.positive)
    note = (
        f"{outcome.name} has {len(outcome.codes)} values: {outcome.positive} is learnt against "
        f"{others}; --outcomes several learns all of them"
    )
    return (note,)


def named_values(given: list[str] | None) -> dict[str, Any]:
    """Return the values of options such as ``depth=8``; they are read as JSON if they can be."""
    from mesa_llm_city.core.errors import ConfigError

    values: dict[str, Any] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            message = f"--rms takes NAME=VALUE, such as depth=8, got {one!r}"
            raise ConfigError(message)
        try:
            values[name] = json.loads(value)
        except json.JSONDecodeError:
            values[name] = value
    return values


def words(given: str) -> tuple[Any, ...]:
    """Return the words of a text, separated by commas."""
    return tuple(word.strip() for word in given.split(",") if word.strip())


def write_file(path: Path, text: str) -> None:
    """Write a file, and make its folder.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    from mesa_llm_city.core.errors import ConfigError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{path} cannot be written: {error}; choose another --out"
        raise ConfigError(message) from error
