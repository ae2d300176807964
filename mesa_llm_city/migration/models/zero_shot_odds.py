"""Zero-shot answers of a language model on disk: the odds of its words for yes and no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:  # torch is loaded by the first model only
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

__all__ = ["ZeroShotModel"]

_FIXED: dict[str, Any] = {"head": "generative", "queries": 0, "tabular": False, "adapter_rank": 0}


class ZeroShotModel:
    """A decoder that answers the question about a profile, without any training.

    The baseline "Prompt" of RMS-Agent, sec. 5.1, with a language model on disk: the
    probability is that of the word "Yes" against "No" as the next word. For a language model
    behind an address, which answers in a sentence, see `PromptModel`.

    Parameters
    ----------
    **options
        Options of `RMSConfig`, such as ``backbone`` and ``style``, except ``head``,
        ``queries``, ``tabular`` and ``adapter_rank``, which are fixed. Options of training have
        no effect.

    Raises
    ------
    ConfigError
        If an option is unknown, out of range, or fixed.

    Notes
    -----
    Needs the extra ``rms``. Importing this module does not load torch. A saved model is read by
    `load_model` as an `RMSAgent`.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - options of many types
        if given := sorted(set(options) & set(_FIXED)):
            message = f"{', '.join(given)} cannot be chosen for ZeroShotModel; use RMSAgent"
            raise ConfigError(message)
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        self.agent: RMSAgent = RMSAgent(**options, **_FIXED)

    def check(self) -> None:
        """Check device and language model (see `RMSAgent.check`)."""
        self.agent.check()

    def fit(
        self,
        train: SurveyTable,
        val: SurveyTable | None = None,
        *,
        folder: str | Path | None = None,
    ) -> Self:
        """Keep the schema and, with ``text_missing="impute"``, typical values; train nothing.

        Parameters
        ----------
        train : SurveyTable
            Rows with the schema; labels are not used.
        val : SurveyTable, optional
            Not used.
        folder : str or Path, optional
            Where the model is saved.

        Raises
        ------
        DataError
            If the language model cannot be read.
        """
        del val
        self.agent.start(train)
        if folder is not None:
            self.save(folder)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        return self.agent.predict_proba(table)

    def save(self, folder: str | Path) -> None:
        """Write a checkpoint (see `RMSAgent.save`)."""
        self.agent.save(folder)

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If it cannot be read.
        ConfigError
            If it is the checkpoint of another model.
        """
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        agent = RMSAgent.load(folder)
        options = agent.config.to_dict()
        if different := sorted(name for name, at in _FIXED.items() if options[name] != at):
            message = f"{folder} was not written by ZeroShotModel: {', '.join(different)} differ"
            raise ConfigError(message)
        model = cls.__new__(cls)
        model.agent = agent
        return model
