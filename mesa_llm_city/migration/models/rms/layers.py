"""The layers of a language model, whatever they are called."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from mesa_llm_city.core.errors import DataError

__all__ = ["without_lower_layers"]


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
    layers = next(
        (
            part
            for part in body.children()
            if isinstance(part, nn.ModuleList) and len(part) == body.config.num_hidden_layers
        ),
        None,
    )
    if layers is None:
        message = f"the layers of {type(body).__name__} are not found; use upper=None"
        raise DataError(message)
    for number in range(len(layers) - upper):
        layers[number] = _PassedBy(layers[number])
    return body
