"""Supervised fine-tuning: a language model is trained to answer "Yes" or "No"."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:  # torch is loaded by the first model only
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

__all__ = ["SFTModel"]

_FIXED: dict[str, Any] = {"head": "generative", "queries": 0, "tabular": False}


class SFTModel:
    """A decoder fine-tuned on profiles as text, with its own language head.

    The baseline "SFT" of RMS-Agent, sec. 5.1: without tabular token and meta-queries;
    adapters are trained on the likelihood of the word "Yes" or "No". For the generative
    head of the full agent (sec. 5.3.2) use ``RMSAgent(head="generative")``.

    Parameters
    ----------
    **options
        Options of `RMSConfig`, such as ``backbone`` and ``epochs``, except ``head``,
        ``queries`` and ``tabular``, which are fixed.

    Raises
    ------
    ConfigError
        If an option is unknown, out of range, or fixed.

    Notes
    -----
    Needs the extra ``rms``. Importing this module does not load torch.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - options of many types
        if given := sorted(set(options) & set(_FIXED)):
            message = f"{', '.join(given)} cannot be chosen for SFTModel; use RMSAgent"
            raise ConfigError(message)
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        self.agent = RMSAgent(**options, **_FIXED)

    def check(self) -> None:
        """Check device and language model (see `RMSAgent.check`)."""
        self.agent.check()

    def fit(
        self,
        train: SurveyTable,
        val: SurveyTable | None = None,
        **options: Any,  # noqa: ANN401 - as of RMSAgent.fit
    ) -> Self:
        """Train on survey rows (see `RMSAgent.fit` for the options)."""
        self.agent.fit(train, val, **options)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        return self.agent.predict_proba(table)

    def save(self, folder: str | Path) -> None:
        """Write a checkpoint (see `RMSAgent.save`)."""
        self.agent.save(folder)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        backbone: str | Path | None = None,
        device: str | None = None,
    ) -> Self:
        """Read a checkpoint (see `RMSAgent.load`).

        Raises
        ------
        DataError
            If it cannot be read.
        ConfigError
            If it is the checkpoint of another model.
        """
        from mesa_llm_city.migration.models.rms.agent import RMSAgent

        agent = RMSAgent.load(folder, backbone=backbone, device=device)
        options = agent.config.to_dict()
        if different := sorted(name for name, at in _FIXED.items() if options[name] != at):
            message = f"{folder} was not written by SFTModel: {', '.join(different)} differ"
            raise ConfigError(message)
        return cls._with_agent(agent)

    @classmethod
    def _with_agent(cls, agent: RMSAgent) -> Self:
        model = cls.__new__(cls)
        model.agent = agent
        return model
