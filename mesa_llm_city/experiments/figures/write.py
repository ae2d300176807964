"""Figures of a finished run, written as files for papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.figures.again import drawn_again, program_of
from mesa_llm_city.experiments.figures.catalogue import FIGURES, RunFigure, figure_of
from mesa_llm_city.experiments.figures.paper import (
    SINGLE,
    Paper,
    fit_letters,
    paper_style,
    save_figure,
)
from mesa_llm_city.experiments.figures.saved import SavedLives
from mesa_llm_city.experiments.progress import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ALL", "PICTURE", "draw_figure", "write_figures"]

ALL = "all"
"""Name of all figures of a run."""

PICTURE = "picture"
"""Name of the only figure of a model that is no city."""

_FOLDER = "figures"
_MM_PER_IN = 25.4


def draw_figure(lives: SavedLives, name: str, *, width_mm: float = 89.0) -> Figure:
    """Return a figure of a run, at the width of a journal's column.

    Parameters
    ----------
    lives : SavedLives
        The run.
    name : str
        Name of the figure, one of `FIGURES`.
    width_mm : float, default 89
        Its width in millimetres.

    Raises
    ------
    ConfigError
        If there is no such figure, or the run kept no table for it.
    DataError
        If a table is damaged.
    """
    from matplotlib.figure import Figure

    wanted = figure_of(name)
    if not lives.has(wanted.table):
        message = f"{name}: {lives.home} has no table {wanted.table}, so there is no such figure"
        raise ConfigError(message)
    width = width_mm / _MM_PER_IN
    figure = Figure(figsize=(width, width * wanted.height), layout="constrained")
    wanted.draw(figure.add_subplot(), lives)
    fit_letters(figure)
    return figure


def write_figures(
    folder: Path,
    name: str,
    size: Paper = SINGLE,
    *,
    out: Path | None = None,
    crowd: bool = False,
    progress: Progress | None = None,
) -> list[tuple[Path, str]]:
    """Draw a figure of a run, or all of them, and write each in every format.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    name : str
        Name of the figure, one of `FIGURES`, or ``"all"``; ``"picture"`` of a model that is no
        city, which is run again for it.
    size : Paper, optional
        Width, formats and dots per inch.
    out : Path, optional
        Folder for the files; by default ``figures`` in that of the run.
    crowd : bool, default False
        Whether the figures are about the crowd of the run.
    progress : Progress, optional
        Is told what is going on.

    Returns
    -------
    list of (Path, str)
        The files, and the caption of each.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or there is no such figure.
    DataError
        If a table is missing or damaged.
    """
    with paper_style():
        if program_of(folder) is not None:
            return _write_picture(folder, name, size, out=out, progress=progress)
        lives = SavedLives.read(folder, crowd=crowd)
        home = lives.home / _FOLDER if out is None else out
        every = [one for one, figure in FIGURES.items() if lives.has(figure.table)]
        written: list[tuple[Path, str]] = []
        for one in every if name == ALL else [name]:
            figure = draw_figure(lives, one, width_mm=size.width_mm)
            written += _saved(figure, home, one, size, caption=_caption(FIGURES[one], lives))
        return written


def _write_picture(
    folder: Path, name: str, size: Paper, *, out: Path | None, progress: Progress | None
) -> list[tuple[Path, str]]:
    """Write the picture of a model that is no city."""
    if name not in {PICTURE, ALL}:
        message = f"there is no figure {name!r} of {folder}; there is {PICTURE}"
        raise ConfigError(message)
    figure, caption = drawn_again(folder, progress=progress)
    width, height = figure.get_size_inches().tolist()
    wanted = size.width_mm / _MM_PER_IN
    figure.set_size_inches(wanted, wanted * height / width)
    fit_letters(figure)
    return _saved(figure, folder / _FOLDER if out is None else out, PICTURE, size, caption=caption)


def _saved(
    figure: Figure, home: Path, name: str, size: Paper, *, caption: str
) -> list[tuple[Path, str]]:
    """Write a figure in every format, and return the files with the caption."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        files = [home / f"{name}.{kind}" for kind in size.formats]
        for file in files:
            save_figure(figure, file, caption=caption, dpi=size.dpi)
    except OSError as error:
        message = f"out: {home} cannot be written ({error.strerror or error}); choose another"
        raise ConfigError(message) from error
    return [(file, caption) for file in files]


def _caption(figure: RunFigure, lives: SavedLives) -> str:
    return f"{figure.title}. {lives.caption}"
