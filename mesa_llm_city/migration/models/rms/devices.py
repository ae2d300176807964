"""Devices and data types with which torch can compute on this machine."""

from __future__ import annotations

import torch

from mesa_llm_city.core.errors import ConfigError

__all__ = ["is_usable", "resolve_device", "resolve_precision"]


def resolve_device(device: str) -> str:
    """Return the device to use; ``"auto"`` is a GPU if there is one, otherwise ``"cpu"``.

    Parameters
    ----------
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"`` or ``"mps"``.

    Raises
    ------
    ConfigError
        If it is not on this machine; the message says which are.

    Examples
    --------
    >>> resolve_device("cpu")
    'cpu'
    """
    if device == "auto":
        return next(one for one in ("cuda", "mps", "cpu") if is_usable(one))
    if is_usable(device):
        return device
    here = ", ".join(repr(one) for one in ("cpu", "cuda", "mps") if is_usable(one))
    message = (
        f"device {device!r} is not on this machine, or this torch cannot use it; "
        f"usable here: {here}. 'auto' takes the fastest of them"
    )
    raise ConfigError(message)


def is_usable(device: str) -> bool:
    """Return whether torch can compute on a device of this name here.

    Examples
    --------
    >>> is_usable("cpu"), is_usable("gpu"), is_usable("meta")
    (True, False, False)
    """
    try:
        return torch.zeros(1, device=device).item() == 0.0
    except (AssertionError, NotImplementedError, RuntimeError):
        return False


def resolve_precision(precision: str, device: str) -> str:
    """Return "bf16" or "fp32"; "auto" is bf16 if `device` supports it."""
    if precision != "auto":
        return precision
    if device.startswith("cuda"):
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    capable = device != "cpu" or torch.cpu.get_capabilities().get("avx512_bf16", False)
    return "bf16" if capable else "fp32"
