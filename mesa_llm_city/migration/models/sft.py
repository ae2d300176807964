"""Supervised fine-tuning: the decoder itself learns to answer "Yes" or "No"."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

__all__ = ["SFTModel"]

_FIXED: dict[str, Any] = {"head": "generative", "queries": 0, "tabular": False}


class SFTModel:
    """A decoder fine-tuned on profiles in words, read off its own language head.

    The baseline "SFT" of RMS-Agent, sec. 5.1: no tabular token and no meta-queries;
    adapters are trained on the likelihood of the word "Yes" or "No". For the generative
    head on the full agent (sec. 5.3.2) use ``RMSAgent(head="generative")``.

    Parameters
    ----------
    **options
        As of `RMSConfig`, such as ``backbone`` and ``epochs``, but for ``head``,
        ``queries`` and ``tabular``, which make the method.

    Raises
    ------
    ConfigError
        If an option is unknown, out of range, or one of those three.

    Notes
    -----
    Needs the extra ``rms``. Torch is loaded by the first model, not by the module.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - options of many types
        if given := sorted(set(options) & set(_FIXED)):
            message = f"{', '.join(given)} cannot be chosen for SFTModel; use RMSAgent"
            raise ConfigError(message)
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        self.agent = RMSAgent(**options, **_FIXED)

    def fit(
        self,
        train: SurveyTable,
        val: SurveyTable | None = None,
        **options: Any,  # noqa: ANN401 - as of RMSAgent.fit
    ) -> Self:
        """Train on survey rows; `options` as of ``RMSAgent.fit``."""
        self.agent.fit(train, val, **options)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2)."""
        return self.agent.predict_proba(table)

    def save(self, folder: str | Path) -> None:
        """Write a checkpoint, as ``RMSAgent.save``."""
        self.agent.save(folder)

    @classmethod
    def load(cls, folder: str | Path, *, backbone: str | Path | None = None) -> Self:
        """Read a checkpoint, as ``RMSAgent.load``.

        Raises
        ------
        DataError
            If it cannot be read.
        ConfigError
            If it was not written by this model.
        """
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        agent = RMSAgent.load(folder, backbone=backbone)
        told = agent.config.to_dict()
        if strange := sorted(name for name, at in _FIXED.items() if told[name] != at):
            message = f"{folder} was not written by SFTModel: {', '.join(strange)} differ"
            raise ConfigError(message)
        return cls._around(agent)

    @classmethod
    def _around(cls, agent: RMSAgent) -> Self:
        model = cls.__new__(cls)
        model.agent = agent
        return model
