"""The layers of a language model, whatever they are called."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from mesa_llm_city.core.errors import DataError

__all__ = ["last_position_only", "without_lower_layers"]


class _PassedBy(nn.Module):
    """In the place of a layer: what comes in goes out."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        kind = getattr(layer, "attention_type", None)
        if kind is not None:
            self.attention_type = kind

    def forward(self, states: Tensor, *args: object, **options: object) -> Tensor:
        """Return `states`."""
        del args, options
        return states


def without_lower_layers(body: Any, *, upper: int) -> Any:  # noqa: ANN401 - any decoder
    """Let a decoder pass by all but its `upper` highest layers; names of parts stay.

    Raises
    ------
    DataError
        If its layers are not found.
    """
    layers = _layers(body)
    if layers is None:
        message = f"the layers of {type(body).__name__} are not found; use upper=None"
        raise DataError(message)
    for number in range(len(layers) - upper):
        layers[number] = _PassedBy(layers[number])
    return body


def last_position_only(body: Any) -> Any:  # noqa: ANN401 - any decoder
    """Let the highest layer of a decoder feed only its last position forward.

    Only the state of the last position is read, and above the attention of the highest layer
    no position depends on another. So its last position is as before, and the others are
    not states. With six layers and five tokens a row, this is a tenth of all products.
    """
    layers = _layers(body)
    feed_forward = None if layers is None else getattr(layers[-1], "mlp", None)
    if isinstance(feed_forward, nn.Module):
        feed_forward.register_forward_pre_hook(_last)
    return body


def _last(module: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Return the input of a module at the last position; its result is added to all positions."""
    del module
    states, *others = given
    # Products of strided states may take a path a thousand times slower.
    return (states[:, -1:].contiguous(), *others)


def _layers(body: Any) -> nn.ModuleList | None:  # noqa: ANN401 - any decoder
    return next(
        (
            part
            for part in body.children()
            if isinstance(part, nn.ModuleList) and len(part) == body.config.num_hidden_layers
        ),
        None,
    )
