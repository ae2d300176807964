"""A run of a model that is no city, from options to a folder: build, simulate, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, Protocol

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.secrets import redact_values
from mesa_llm_city.experiments.atomic_output import MANIFEST, atomic_folder, check_free
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.manifest import calls_of, sha256_of, versions, who_answered
from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.experiments.output_folder import with_folder
from mesa_llm_city.experiments.picture_file import picture_file
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.simulate import check_model, confirm
from mesa_llm_city.experiments.unfinished import is_complete, keeping_answers, settle
from mesa_llm_city.experiments.write import PICTURE
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.society import ALL_PROMPTS, SocietyModel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mesa_llm_city.core.asking import Backend

__all__ = ["RunnableModel", "build_society_model", "result_lines", "run_program"]

_DPI = 110
_MONTH_DAYS = (28, 31)
_KEY_FIGURES = "findings"


class RunnableModel(Protocol):
    """What a run needs of a model of society: what `ModelProgram` has."""

    @property
    def name(self) -> str:
        """Name of the model."""
        ...

    @property
    def data(self) -> tuple[str, ...]:
        """Options that may name a file."""
        ...

    @property
    def defaults(self) -> Mapping[str, object]:
        """Default of each option."""
        ...

    @property
    def key_figures(self) -> Callable[[Any], Mapping[str, str]]:
        """Returns key figures of a finished run."""
        ...

    @property
    def draw(self) -> Callable[[Any], Figure]:
        """Returns the picture of a run."""
        ...

    def make(self, options: Mapping[str, object], *, llm: Backend | None = None) -> SocietyModel:
        """Return the model at its start."""
        ...


def run_program(
    program: RunnableModel, options: ProgramOptions, *, progress: Progress | None = None
) -> Path:
    """Run a model of society to its end, and leave a folder of tables and a picture.

    Parameters
    ----------
    program : ModelProgram
        The model.
    options : ProgramOptions
        Options, seed, who decides, and where the results go.
    progress : Progress, optional
        Gets every step; shows nothing by default.

    Returns
    -------
    Path
        The folder, complete; after an error there is none. What a language model had answered
        by then is kept beside it, and found again with ``resume=True``.

    Raises
    ------
    CityError
        If an option is impossible, or a language model does not answer as it should.
    """
    progress = progress or Progress()
    options = with_folder(options, progress)
    with locked(options.folder) if options.is_live else nullcontext():
        if is_complete(options):
            settle(options, options.folder)
            return options.folder
        check_free(options.folder, force=options.force)
        with keeping_answers(options) as llm:
            check_model(options, llm, progress)
            model = build_society_model(program, options, llm)
            if isinstance(llm, LLM) and options.is_live:
                confirm(model.cost_estimate(), options, progress)
            with atomic_folder(options.folder, force=options.force) as output:
                cpu_s = _lived(model, progress)
                progress.say("writing tables and picture")
                _write(output.partial, program, model, options, cpu_s)
        settle(options, output.folder)
        return output.folder


def build_society_model(
    program: RunnableModel, options: ProgramOptions, llm: LLM | None
) -> SocietyModel:
    """Return the model of a run at its start."""
    asked = (options.prompts or ALL_PROMPTS) if options.asks else ()
    given = {**options.options, **options.parameters, "rng": options.seed, "prompts": asked}
    return program.make(given, llm=llm)


def result_lines(folder: Path) -> list[str]:
    """Return key figures of a finished run and where its results are, a line each."""
    found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    lines = {
        "seed": found["seed"],
        "llm": found["language_model"],
        **found[_KEY_FIGURES],
        "digest": found["digest"],
        "results": folder,
    }
    if (folder / PICTURE).is_file():
        lines["picture"] = folder / PICTURE
    width = max(map(len, lines)) + 2
    return [f"{name:{width}}{value}" for name, value in lines.items()]


def _lived(model: SocietyModel, progress: Progress) -> float:
    """Let a model live to its end, and return the CPU seconds it took."""
    if model.length is None:
        message = f"{type(model).__name__} has no end; give its class a length by default"
        raise ConfigError(message)
    spent = model.llm.totals if isinstance(model.llm, LLM) else None
    days, each, unit = _days(model.length, model.STEP_MIN)
    progress.begin(days=days, steps_per_day=each, spent=spent, unit=unit)
    started_s = process_time()
    with settled():
        while model.running:
            model.step()
            progress.advance()
    return process_time() - started_s


def _days(steps: int, step_min: int) -> tuple[int, int, str]:
    """Return as how many days, or what else, of how many steps a length is shown."""
    each = max(1, DAY_MIN // step_min)
    if steps % each == 0 and each * step_min == DAY_MIN:
        return steps // each, each, "day"
    least, most = _MONTH_DAYS
    return steps, 1, "month" if least * DAY_MIN <= step_min <= most * DAY_MIN else "round"


def _write(
    folder: Path, program: RunnableModel, model: SocietyModel, options: ProgramOptions, cpu_s: float
) -> None:
    frames = model.frames()
    try:
        for name, frame in frames.items():
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        (folder / "history.csv").write_text(csv_text(frames["history"]), encoding="utf-8")
        if isinstance(model.llm, LLM):
            model.llm.ledger.to_parquet(folder / "calls.parquet")
        contents = {
            **_manifest(program, model, options),
            "counts": {name: len(frame) for name, frame in frames.items()},
            "cpu_s": {"simulation": round(cpu_s, 3)},
            "digest": model.digest(),
        }
        text = json.dumps(redact_values(contents), indent=2, ensure_ascii=False, default=str)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        message = (
            f"out: the results cannot be written to {options.folder} "
            f"({error.strerror or error}); make room, or choose another folder"
        )
        raise ConfigError(message) from error
    with picture_file(folder / PICTURE) as picture:
        program.draw(model).savefig(picture, dpi=_DPI)


def _manifest(
    program: RunnableModel, model: SocietyModel, options: ProgramOptions
) -> dict[str, Any]:
    asked = options.to_dict()
    return {
        "model": program.name,
        "config": {name: one for name, one in asked.items() if name not in _NOT_IN_CONFIG},
        "parameters": asked["parameters"],
        "options": {**program.defaults, **options.options},
        "seed": model.first_seed,
        "steps": model.length,
        "step_min": model.STEP_MIN,
        "decision_sources": dict(sorted(model.decided.items())),
        "language_model": who_answered(model.llm, model.decided["prompt"]),
        "calls": calls_of(model.llm),
        "data": _data(program, options.options),
        "versions": versions(),
        _KEY_FIGURES: dict(program.key_figures(model)),
    }


_NOT_IN_CONFIG = frozenset(
    {"out", "force", "resume", "yes", "record", "parameters", "skip_check", "no_limit"}
)


def _data(program: RunnableModel, options: Mapping[str, object]) -> list[dict[str, str]]:
    """Return name and SHA-256 of every file that was read."""
    files = [Path(str(options[name])) for name in program.data if name in options]
    return [{"file": one.name, "sha256": sha256_of(one)} for one in files if one.is_file()]
