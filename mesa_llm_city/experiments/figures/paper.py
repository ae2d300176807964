"""What journals ask of a figure: its width, letters that can be read, the format of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.figures.fonts import families

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "FORMATS",
    "SINGLE",
    "WIDTHS_MM",
    "Paper",
    "fit_letters",
    "paper_style",
    "save_figure",
    "width_mm",
]

WIDTHS_MM: Mapping[str, float] = MappingProxyType(
    {"single": 89.0, "middle": 136.0, "double": 183.0}
)
"""Widths of a column, of one and a half, and of two (Nature, guide to preparing figures)."""

FORMATS = ("pdf", "svg", "png")
"""Formats of the files."""

_LEAST_MM, _MOST_MM = 40.0, 600.0
_SMALLEST_PT, _LARGEST_PT = 6.0, 8.0
_DPI, _LEAST_DPI, _MOST_DPI = 300, 50, 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How figures are written for a journal.

    Parameters
    ----------
    width_mm : float, default 89
        Width of a figure in millimetres; letters keep their size.
    formats : tuple of str, default ("pdf", "svg", "png")
        Formats of the files, some of `FORMATS`.
    dpi : int, default 300
        Dots per inch of a PNG, from 50 to 1200.

    Raises
    ------
    ConfigError
        If a format is unknown, or the dots are out of range.
    """

    width_mm: float = WIDTHS_MM["single"]
    formats: tuple[str, ...] = FORMATS
    dpi: int = _DPI

    def __post_init__(self) -> None:
        """Check the formats and the dots."""
        if unknown := [one for one in self.formats if one not in FORMATS]:
            message = f"format: must be {', '.join(FORMATS)}, got {', '.join(unknown)}"
            raise ConfigError(message)
        if not _LEAST_DPI <= self.dpi <= _MOST_DPI:
            message = f"dpi: must be from {_LEAST_DPI} to {_MOST_DPI}, got {self.dpi}"
            raise ConfigError(message)


SINGLE = Paper()
"""A figure in one column, in all formats."""


def width_mm(text: str) -> float:
    """Return the width of a figure in millimetres.

    Parameters
    ----------
    text : str
        A name of `WIDTHS_MM`, or a number of millimetres from 40 to 600.

    Raises
    ------
    ConfigError
        If it is neither.

    Examples
    --------
    >>> width_mm("double"), width_mm("120")
    (183.0, 120.0)
    """
    if text in WIDTHS_MM:
        return WIDTHS_MM[text]
    try:
        width = float(text)
    except ValueError:
        width = 0.0
    if not _LEAST_MM <= width <= _MOST_MM:
        message = (
            f"width: must be {', '.join(WIDTHS_MM)} or millimetres from {_LEAST_MM:g} to "
            f"{_MOST_MM:g}, got {text!r}"
        )
        raise ConfigError(message)
    return width


@contextmanager
def paper_style() -> Iterator[None]:
    """Draw and save figures for papers in this block."""
    from matplotlib import rc_context

    # Letters are kept as letters in PDF, as editors of journals ask, and drawn as shapes in SVG,
    # so that it looks the same on machines without the font.
    with rc_context(
        {
            "font.family": families(),
            "font.size": 7.0,
            "pdf.fonttype": 42,
            "svg.fonttype": "path",
            "svg.hashsalt": "mesa-llm-city",
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "hatch.linewidth": 0.5,
        }
    ):
        yield


def fit_letters(figure: Figure) -> None:
    """Bring all letters of a figure to sizes that a journal prints, 6 to 8 points."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        size = float(text.get_fontsize())
        text.set_fontsize(min(max(size, _SMALLEST_PT), _LARGEST_PT))


def save_figure(figure: Figure, file: Path, *, caption: str, dpi: int = _DPI) -> None:
    """Save a figure; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, drawn in `paper_style`.
    file : Path
        File whose ending is one of `FORMATS`.
    caption : str
        What the figure shows, of which run; it is written into the file.
    dpi : int, default 300
        Dots per inch of a PNG, and of what is drawn as dots in the other formats.
    """
    kind = file.suffix.lstrip(".")
    about = {
        "pdf": {"Title": file.stem, "Subject": caption, "CreationDate": None},
        "svg": {"Title": file.stem, "Description": caption, "Date": None},
        "png": {"Title": file.stem, "Description": caption},
    }
    figure.savefig(file, format=kind, dpi=dpi, metadata=about[kind], facecolor="white")
