"""Films as GIF: one palette of 256 colours for all pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["palette_for", "write_gif"]

_COLOURS = 256
_SAMPLE_PX = 320


def palette_for(exact: Sequence[str], samples: Sequence[Image]) -> NDArray[np.uint8]:
    """Return at most 256 colours, shape (n, 3): some exactly, the others such that pictures fit.

    The colours of one picture lack those of the others: at midnight everybody sleeps.

    Parameters
    ----------
    exact : sequence of str
        Colours as ``#rrggbb`` that have to be right, such as those of the legend.
    samples : sequence of PIL.Image.Image
        Pictures from which the other colours, such as those of blurred edges, are taken.

    Examples
    --------
    >>> palette_for(["#ff0000", "#0000ff"], []).tolist()[:2]
    [[255, 0, 0], [0, 0, 255]]
    """
    from PIL import Image

    sure = np.array([_rgb(one) for one in dict.fromkeys(exact)], dtype=np.uint8)[:_COLOURS]
    sheet = Image.new("RGB", (_SAMPLE_PX, _SAMPLE_PX * max(len(samples), 1)))
    for row, sample in enumerate(samples):
        # Without blending, which would make colours that no picture has.
        small = sample.resize((_SAMPLE_PX, _SAMPLE_PX), Image.Resampling.NEAREST)
        sheet.paste(small, (0, row * _SAMPLE_PX))
    fitted = sheet.quantize(_COLOURS - len(sure) or 1, Image.Quantize.MEDIANCUT)
    found = np.array(fitted.getpalette(), dtype=np.uint8).reshape(-1, 3)
    return np.vstack([sure, found])[:_COLOURS]


def write_gif(
    frames: Iterator[Image], target: Path, palette: NDArray[np.uint8], *, frame_ms: int
) -> None:
    """Write pictures as a GIF that repeats.

    Parameters
    ----------
    frames : iterator of PIL.Image.Image
        The pictures.
    target : Path
        The file.
    palette : ndarray of uint8, shape (n, 3)
        Colours of all of them (see `palette_for`).
    frame_ms : int
        How long each is shown, in milliseconds.
    """
    fitted = (_fitted(frame, palette) for frame in frames)
    next(fitted).save(
        target, save_all=True, append_images=fitted, duration=frame_ms, loop=0, optimize=False
    )


def _fitted(frame: Image, palette: NDArray[np.uint8]) -> Image:
    """Return a picture in the nearest colours of a palette.

    Pillow's own search is faster, but takes neighbours for the same colour.
    """
    from PIL import Image

    red, green, blue = np.moveaxis(np.asarray(frame, dtype=np.int32), -1, 0)
    seen, which = np.unique((red << 16) | (green << 8) | blue, return_inverse=True)
    levels = np.stack([seen >> 16, seen >> 8 & 255, seen & 255], axis=-1)
    away = ((levels[:, None, :] - palette.astype(np.int32)) ** 2).sum(axis=-1)
    nearest = away.argmin(axis=-1).astype(np.uint8)
    fitted = Image.fromarray(nearest[which].reshape(red.shape))
    fitted.putpalette(palette.tobytes())
    return fitted


def _rgb(colour: str) -> tuple[int, int, int]:
    plain = colour.removeprefix("#")
    return int(plain[:2], 16), int(plain[2:4], 16), int(plain[4:6], 16)
