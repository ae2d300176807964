"""Options of an RMS-Agent: architecture and training. Does not import torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from numbers import Integral, Real
from types import MappingProxyType
from typing import Literal, Self

from mesa_llm_city.core.errors import ConfigError

__all__ = ["PAPER_OPTIONS", "RMSConfig"]

PAPER_OPTIONS: Mapping[str, object] = MappingProxyType(
    {
        "queries": 4,
        "path": "text",
        "style": "paper",
        "depth": None,
        "text_missing": "shown",
        "tabular_width": 128,
        "adapter_rank": 8,
        "learning_rate": 1e-3,
        "adapter_rate": 1e-3,
        "weight_decay": 1e-4,
        "batch_rows": 64,
        "epochs": 20,
        "select": "auc",
    }
)
"""Options of the paper (see `RMSConfig.paper`), without those of missing values in columns."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "path": ("cells", "text"),
    "head": ("linear", "generative"),
    "style": ("paper", "compact"),
    "missing": ("indicator", "impute"),
    "precision": ("auto", "bf16", "fp32"),
    "select": ("auc", "log_loss"),
}
_POSITIVE = (
    *("tabular_width", "epochs", "batch_rows", "learning_rate", "adapter_rate", "evaluate_rows"),
    *("patience", "clip_norm", "memory_mb", "threads"),
)
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (Integral,),
    "float": (Real,),
    "tuple[str, ...]": (tuple,),
}
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")
_DEVICES = "'auto', 'cpu', 'mps', 'cuda' or, of several, such as 'cuda:1'"
_NOT_NEGATIVE = ("queries", "adapter_rank", "weight_decay", "average")


@dataclass(frozen=True, slots=True, kw_only=True)
class RMSConfig:
    """Options of an RMS-Agent: input, architecture and training.

    Parameters
    ----------
    backbone : str
        Folder of a language model in the format of Hugging Face (safetensors), or a GGUF file;
        see `families` for the architectures.
    queries : int, default 4
        Number N of meta-queries (RMS-Agent, sec. 4.2, with 2 to 8); 0 for none.
    tabular : bool, default True
        Whether the tabular token v is an input.
    text : bool, default True
        Whether the profile as text is an input.
    trajectory : str or None, default None
        Text column with the provinces in which a person has lived, in order, such as
        ``"Sichuan > Guangdong"``; it becomes a token between the text and v (RMS-Agent, sec.
        5.3.7).
    head : {"linear", "generative"}, default "linear"
        A linear head (eq. 5), or the word "Yes" or "No" from the language head (sec. 5.3.2).
    path : {"cells", "text"}, default "cells"
        The fast path (see `vectors`), or the whole text of each row. An encoder such as BERT
        reads whole text only.
    depth : int or None, default 6
        Number of the lowest layers of the backbone to use; None, or a larger number, for all.
        The layers above are not loaded.
    upper : int or None, default None
        On the fast path, number of the highest layers in use that v and the meta-queries pass;
        they enter there, behind the cells. None for all, as in RMS-Agent, eq. 4. With depth 6
        and upper 2 a row costs a third.
    language : str, default "en"
        Language of the text.
    style : {"paper", "compact"}, default "paper"
        Style of the text, on the ``"text"`` path.
    missing : {"indicator", "impute"}, default "indicator"
        How missing values are given to the tabular token.
    text_missing : {"shown", "impute"}, default "shown"
        How missing values are given in the text; the template of the paper shows them.
    household_mean : bool, default False
        Whether labels of other members of the household are an input.
    tabular_width : int, default 128
        Hidden units of the tabular tokenizer (sec. 5.1).
    dropout : float, default 0.1
        Dropout of its hidden units, in [0, 1).
    adapter_rank : int, default 8
        Rank of the low-rank adapters (LoRA); 0 for no adapters.
    adapter_targets : tuple of str or None, default None
        Names of the linear maps with adapters; None for those of queries and values, by
        whatever name the architecture has for them.
    epochs : int, default 4
        Greatest number of epochs.
    batch_rows : int, default 64
        Number of rows of a step of the optimiser.
    learning_rate : float, default 1e-3
        Highest learning rate of the new parameters (sec. 5.1).
    adapter_rate : float, default 1e-3
        Highest learning rate of the adapters.
    weight_decay : float, default 0.01
        Weight decay of AdamW.
    clip_norm : float, default 1.0
        Greatest norm of the gradient.
    average : float, default 0.0
        Decay of the running mean of parameters that becomes the result, in [0, 1); 0 for the
        last parameters.
    evaluate_rows : int, default 7360
        Number of training rows between two evaluations with the validation rows.
    patience : int, default 4
        Number of evaluations without improvement after which training ends.
    select : {"auc", "log_loss"}, default "log_loss"
        Metric of improvement on the validation rows.
    refit : bool, default False
        Whether the agent is trained again on the rows of training and validation together, for
        as many epochs as were best on the validation rows, once it has been calibrated.
    budget_s : float or None, default None
        Greatest time of training, in seconds. The learning rate decreases to 0 within it, so
        the result depends on the speed of the machine.
    memory_mb : float, default 4000
        Memory for the states of a forward pass, in MB; larger batches are divided.
    precision : {"auto", "bf16", "fp32"}, default "auto"
        Precision of the backbone; "auto" uses bf16 if the processor supports it.
    device : str, default "cpu"
        ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``, or ``"auto"`` for the fastest on this
        machine.
    threads : int, default 1
        Threads of torch; on a shared machine more threads are slower.
    seed : int, default 0
        Seed of new parameters, order of rows and dropout.

    Raises
    ------
    ConfigError
        If an option is outside its range, or there is no input.

    Examples
    --------
    >>> RMSConfig(backbone="smollm2/", queries=2).queries
    2
    """

    backbone: str
    queries: int = 4
    tabular: bool = True
    text: bool = True
    trajectory: str | None = None
    head: Literal["linear", "generative"] = "linear"
    path: Literal["cells", "text"] = "cells"
    depth: int | None = 6
    upper: int | None = None
    language: str = "en"
    style: Literal["paper", "compact"] = "paper"
    missing: Literal["indicator", "impute"] = "indicator"
    text_missing: Literal["shown", "impute"] = "shown"
    household_mean: bool = False
    tabular_width: int = 128
    dropout: float = 0.1
    adapter_rank: int = 8
    adapter_targets: tuple[str, ...] | None = None
    epochs: int = 4
    batch_rows: int = 64
    learning_rate: float = 1e-3
    adapter_rate: float = 1e-3
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    average: float = 0.0
    evaluate_rows: int = 7360
    patience: int = 4
    select: Literal["auc", "log_loss"] = "log_loss"
    refit: bool = False
    budget_s: float | None = None
    memory_mb: float = 4000.0
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    device: str = "cpu"
    threads: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        """Check all options and list all defects."""
        wrong = [*self._of_wrong_type()] or [
            *self._unknown(),
            *self._outside(),
            *self._without(),
        ]
        if wrong:
            raise ConfigError("; ".join(wrong))

    def _of_wrong_type(self) -> Iterator[str]:
        """Yield the options of another type, as a file or a command line may give them."""
        for one in fields(self):
            value, kind = getattr(self, one.name), str(one.type).removesuffix(" | None")
            kinds = (*_TYPES.get(kind, (str,)), *([type(None)] if kind != one.type else []))
            is_flag = isinstance(value, bool) and bool not in kinds
            if is_flag or not isinstance(value, kinds):
                yield f"{one.name} must be {one.type}, got {value!r}"
            elif kind == "float" and value is not None and not _is_finite(value):
                yield f"{one.name} must be finite, got {value!r}"
            elif isinstance(value, tuple) and not all(isinstance(each, str) for each in value):
                yield f"{one.name} must be names, got {value!r}"

    def _unknown(self) -> list[str]:
        return [
            f"{name} must be one of {', '.join(accepted)}, got {getattr(self, name)!r}"
            for name, accepted in {**_CHOICES, "text_missing": ("shown", "impute")}.items()
            if getattr(self, name) not in accepted
        ]

    def _outside(self) -> list[str]:
        wrong = [
            f"{name} must be positive, got {getattr(self, name)}"
            for name in (*_POSITIVE, "depth", "upper", "budget_s")
            if getattr(self, name) is not None and not getattr(self, name) > 0
        ]
        wrong += [
            f"{name} must not be negative, got {getattr(self, name)}"
            for name in _NOT_NEGATIVE
            if not getattr(self, name) >= 0
        ]
        wrong += [
            f"{name} must be below 1, got {getattr(self, name)}"
            for name in ("dropout", "average")
            if not 0 <= getattr(self, name) < 1
        ]
        if not _DEVICE.fullmatch(self.device):
            wrong.append(f"device must be {_DEVICES}, got {self.device!r}")
        return wrong

    def _without(self) -> list[str]:
        wrong = []
        is_given = self.tabular or self.trajectory is not None
        if not self.text and not is_given:
            wrong.append("text, tabular and trajectory are all off; switch at least one on")
        if self.upper is None:
            return wrong
        if self.path != "cells":
            wrong.append(f"upper needs path='cells', got {self.path!r}")
        if self.head != "linear" or not (self.queries or is_given):
            wrong.append("upper needs head='linear', and queries, tabular or a trajectory")
        return wrong

    def to_dict(self) -> dict[str, object]:
        """Return the options as values for JSON."""
        targets = self.adapter_targets
        return {**asdict(self), "adapter_targets": None if targets is None else list(targets)}

    @classmethod
    def paper(cls, *, backbone: str, **options: object) -> Self:
        """Return the options of the paper; those given by name replace them.

        Parameters
        ----------
        backbone : str
            Folder of a language model; the paper uses Qwen2.5-1.5B-Instruct (sec. 5.1).
        **options
            Options of `RMSConfig`.

        Raises
        ------
        ConfigError
            If an option is unknown or outside its range.

        Notes
        -----
        From RMS-Agent, sec. 4.1: the template, read as a whole by all layers. Sec. 5.1: 128
        hidden units of the tabular tokenizer, learning rate 1e-3, numbers and codes of columns
        imputed, choice by the validation rows. Sec. 5.3.3: N from 2 to 8, best at 4 or 5.

        The paper does not say how LoRA was configured, nor the size of batches and the
        number of epochs. Rank 8 with alpha 16 beside the maps of queries and values, 4
        processes of 16 rows each, at most 20 epochs chosen by AUC, and a weight decay of
        1e-4 are those of the scripts that its authors published (github.com/Linxyhaha/RMS-Agent,
        code/main_ddp.py and run_ddp.sh). Alpha is always twice the rank here. Assumptions:
        the dropout, no dropout of adapters (0.05 there), and AdamW with a schedule (Adam
        without one there). Their script starts from a backbone that was fine-tuned before;
        here it is the backbone itself.

        Examples
        --------
        >>> RMSConfig.paper(backbone="Qwen2.5-1.5B-Instruct", queries=5).path
        'text'
        """
        return cls.from_dict({**PAPER_OPTIONS, "missing": "impute", "backbone": backbone} | options)

    @classmethod
    def from_dict(cls, options: Mapping[str, object]) -> Self:
        """Return the config with these options.

        Raises
        ------
        ConfigError
            If an option is unknown or outside its range.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(options) - known):
            message = (
                f"unknown options {', '.join(unknown)}; accepted are {', '.join(sorted(known))}"
            )
            raise ConfigError(message)
        targets = options.get("adapter_targets")
        if not isinstance(targets, list | tuple | None):
            message = f"adapter_targets must be a list of names, got {targets!r}"
            raise ConfigError(message)
        named = None if targets is None else tuple(targets)
        return cls(**{**options, "adapter_targets": named})  # type: ignore[arg-type]


def _is_finite(value: object) -> bool:
    try:
        return isinstance(value, Real) and isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False
