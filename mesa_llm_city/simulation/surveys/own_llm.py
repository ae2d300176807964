"""The language model of a survey: like that of the run, with books, a budget and a store apart."""

from __future__ import annotations

from pathlib import Path

from mesa_llm_city.core.errors import ConfigError, RecordingError
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.llm import LLM, Budget
from mesa_llm_city.llm.another import another_llm
from mesa_llm_city.llm.purse import Purse

__all__ = ["limited", "store_of_surveys", "survey_llm"]

_RECORDING = ".jsonl.gz"


def survey_llm(llm: object, *, max_calls: int | None = None, max_usd: float | None = None) -> LLM:
    """Return an `LLM` for a survey; what it asks is neither in the ledger nor the budget of a run.

    Answers are kept and replayed as those of the run are, in a file beside its store (see
    `store_of_surveys`).

    Parameters
    ----------
    llm : Backend or None
        Language model of the run.
    max_calls : int, optional
        Greatest number of calls in all waves; as many as the run may make by default.
    max_usd : float, optional
        Greatest sum in all waves, in US dollars; as much as the run may spend by default.

    Raises
    ------
    ConfigError
        If there is no language model, or one that cannot be asked beside the run.
    RecordingError
        If the run is replayed, and its recording has no survey beside it.
    """
    if llm is None:
        message = (
            "nobody answers the survey: the model has no language model; give the model "
            "llm=LLM(...), or the survey llm=LLM(...) or rule=..., a function that returns the "
            "answer of an agent"
        )
        raise ConfigError(message)
    if not isinstance(llm, LLM):
        message = (
            f"a survey cannot ask {type(llm).__name__} without touching the run; give the survey "
            "llm=LLM(...) or rule=..."
        )
        raise ConfigError(message)
    limits = llm.purse.budget
    budget = Budget(
        usd=limits.usd if max_usd is None else max_usd,
        calls=limits.calls if max_calls is None else max_calls,
        tokens=limits.tokens,
        stored=limits.stored,
    )
    store = None if llm.path is None else store_of_surveys(llm.path)
    if llm.mode == "replay" and store is not None and not is_file(Path(store)):
        message = (
            f"the run is replayed, but the answers of its surveys are not at {store}; put them "
            "there, or give the survey llm=LLM(...) or rule=..."
        )
        raise RecordingError(message)
    return another_llm(llm, budget=budget, store=store, mode=llm.mode)


def limited(llm: LLM, *, max_calls: int | None = None, max_usd: float | None = None) -> LLM:
    """Return the `LLM` that a user gives for a survey, with limits if there are any."""
    if max_calls is None and max_usd is None:
        return llm
    above = llm.purse
    budget = Purse(Budget(usd=max_usd, calls=max_calls), prices=above.prices, above=above)
    return another_llm(llm, budget=budget, store=llm.path, mode=llm.mode)


def store_of_surveys(path: str) -> str:
    """Return the file in which the answers of surveys are kept beside a store or recording.

    It is another file, so that what surveys cost does not count when a run is resumed.

    Examples
    --------
    >>> store_of_surveys("run.sqlite"), store_of_surveys("run.jsonl.gz")
    ('run.surveys.sqlite', 'run.surveys.jsonl.gz')
    """
    if path.endswith(_RECORDING):
        return f"{path.removesuffix(_RECORDING)}.surveys{_RECORDING}"
    file = Path(path)
    return str(file.with_name(f"{file.stem}.surveys{file.suffix}"))
