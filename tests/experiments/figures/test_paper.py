"""What a figure is for a journal: width, letters, formats, and the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.figures.paper import (
    FORMATS,
    Paper,
    fit_letters,
    paper_style,
    save_figure,
    width_mm,
)


def _figure() -> Figure:
    with paper_style():
        figure = Figure(figsize=(3.5, 2.0), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [1, 0])
        axes.set_xlabel("far too large", fontsize=30)
        axes.set_ylabel("far too small", fontsize=2)
    return figure


@pytest.mark.parametrize(("text", "width"), [("single", 89.0), ("double", 183.0), ("120.5", 120.5)])
def test_a_width_is_a_name_or_millimetres(text: str, width: float) -> None:
    assert width_mm(text) == width


@pytest.mark.parametrize("text", ["wide", "39", "601", "nan", "-5", ""])
def test_another_width_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ConfigError, match=r"single, middle, double or millimetres from 40 to 600"):
        width_mm(text)


def test_unknown_formats_and_odd_numbers_of_dots_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"format: must be pdf, svg, png, got jpg"):
        Paper(formats=("pdf", "jpg"))
    with pytest.raises(ConfigError, match=r"dpi: must be from 50 to 1200, got 5"):
        Paper(dpi=5)


def test_letters_are_from_6_to_8_points() -> None:
    figure = _figure()
    fit_letters(figure)
    sizes = [float(one.get_fontsize()) for one in figure.findobj(Text)]
    assert min(sizes) >= 6.0
    assert max(sizes) <= 8.0


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_figure_gives_the_same_bytes_with_its_caption_inside(
    kind: str, tmp_path: Path
) -> None:
    files = [tmp_path / one / f"f.{kind}" for one in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        with paper_style():
            save_figure(_figure(), file, caption="Trips. Seed 7", dpi=60)
    one, other = (file.read_bytes() for file in files)
    assert one == other
    assert b"Trips. Seed 7" in one


def test_a_pdf_has_its_letters_as_letters_and_its_width_in_points(tmp_path: Path) -> None:
    file = tmp_path / "f.pdf"
    with paper_style():
        save_figure(_figure(), file, caption="", dpi=60)
    text = file.read_bytes()
    assert b"/Type3" not in text.replace(b" ", b"")
    assert b"/MediaBox [ 0 0 252 144 ]" in text  # 3.5 by 2 inches of 72 points
