"""Label and colours of a kind that gives none of its own, from its name."""

from __future__ import annotations

from collections.abc import Iterable
from colorsys import hls_to_rgb
from zlib import crc32

__all__ = ["colours_of", "label_of"]

_HUES = 24
# Lightness and saturation on light and on dark ground.
_SHADES = (((0.38, 0.70), (0.55, 0.75)), ((0.58, 0.45), (0.68, 0.50)))
_FAR_ENOUGH = 90.0


def label_of(name: str) -> str:
    """Return the name of a kind as people read it.

    Examples
    --------
    >>> label_of("place_of_worship")
    'place of worship'
    """
    return name.replace("_", " ").strip()


def colours_of(name: str, taken: Iterable[str] = ()) -> tuple[str, str]:
    """Return a colour on light and one on dark ground that differ from those taken.

    The name decides with which hue to begin, so a kind keeps its colours from run to run.
    The first colour that lies far enough from all that are taken is used, or else the
    farthest. Distances are Euclidean in RGB with weights by how strongly each channel is
    seen (the "redmean" approximation of T. Riemersma, https://www.compuphase.com/cmetric.htm).

    Parameters
    ----------
    name : str
        Of the kind.
    taken : iterable of str
        Colours on light ground of the other kinds, as ``"#rrggbb"``.

    Returns
    -------
    tuple of str
        On light and on dark ground, as ``"#rrggbb"``.

    Examples
    --------
    >>> colours_of("scooter") == colours_of("scooter")
    True
    """
    others = [_channels(one) for one in taken]
    start = crc32(name.encode())
    best, best_distance = 0, -1.0
    for step in range(_HUES * len(_SHADES)):
        light = _channels(_colours(start, step)[0])
        distance = min((_distance(light, other) for other in others), default=_FAR_ENOUGH)
        if distance > best_distance:
            best, best_distance = step, distance
        if distance >= _FAR_ENOUGH:
            break
    return _colours(start, best)


def _colours(start: int, step: int) -> tuple[str, str]:
    # Seven is prime to the number of hues, so that all of them come up, far ones first.
    hue = (start + 7 * step) % _HUES / _HUES
    shades = _SHADES[(start // _HUES + step // _HUES) % len(_SHADES)]
    light, dark = (_hexadecimal(hls_to_rgb(hue, *shade)) for shade in shades)
    return light, dark


def _hexadecimal(shares: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * one):02x}" for one in shares)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    red = (one[0] + other[0]) / 2.0
    squares = [(a - b) ** 2 for a, b in zip(one, other, strict=True)]
    weights = (2.0 + red / 256.0, 4.0, 2.0 + (255.0 - red) / 256.0)
    weighed = [weight * square for weight, square in zip(weights, squares, strict=True)]
    return float((weighed[0] + weighed[1] + weighed[2]) ** 0.5)
