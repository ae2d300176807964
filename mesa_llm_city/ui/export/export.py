"""Files of a city: pictures of charts, and a film of the map."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, cast

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.charts.figures import DARK, LIGHT, png_of
from mesa_llm_city.ui.export.gif import palette_for, write_gif
from mesa_llm_city.ui.export.replay import replay_of
from mesa_llm_city.ui.map.picture import MapPicture
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["chart_png", "film", "film_kind", "save_film"]

_FILM_DPI = 90
_FRAME_MS = 120
_FILM_WIDTH_IN = 8.0
# Pictures of a GIF from which its palette is made.
_SAMPLED = 6


def chart_png(view: CityView, name: str, *, person: int = NOBODY, dark: bool = False) -> bytes:
    """Return one of the charts (`CHARTS`) as PNG.

    Parameters
    ----------
    view : CityView
        The city.
    name : str
        Name of the chart.
    person : int, optional
        Person whose needs are drawn too.
    dark : bool, default False
        Whether on a dark background.

    Raises
    ------
    ConfigError
        If there is no such chart, or nothing to draw yet.
    """
    if name not in CHARTS:
        message = f"there is no chart {name!r}; the charts are {', '.join(CHARTS)}"
        raise ConfigError(message)
    drawn = CHARTS[name].draw(view, DARK if dark else LIGHT, person)
    if drawn.figure is None:
        message = f"there is nothing to draw yet. {drawn.description}"
        raise ConfigError(message)
    return png_of(drawn.figure)


def film_kind() -> str:
    """Return ``"mp4"`` where ffmpeg is installed, else ``"gif"``."""
    return "gif" if shutil.which("ffmpeg") is None else "mp4"


def save_film(
    view: CityView,
    file: str | Path,
    *,
    by: str = "activity",
    every_min: int = 10,
    dark: bool = False,
    on_frame: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the map over time as a film, a GIF or an MP4 by the name of the file.

    Parameters
    ----------
    view : CityView
        The city; from the beginning to where a live model stands, or to the end of a replay.
    file : str or Path
        Ends in ``.gif``, or in ``.mp4`` where ffmpeg is installed.
    by : str, default "activity"
        What people are coloured by.
    every_min : int, default 10
        Minutes of the run between two pictures.
    dark : bool, default False
        Whether on a dark background.
    on_frame : callable, optional
        Called with the number of pictures done, and of all pictures.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ConfigError
        If the kind of file is another, ffmpeg is lacking, or nothing has happened yet.
    """
    target = Path(file)
    kind = target.suffix.removeprefix(".").lower()
    _check_film(kind, every_min)
    replay = replay_of(view)
    minutes = range(0, replay.end + 1, every_min)
    if len(minutes) < 2:
        message = "nothing has happened yet, so there is no film; let some time pass first"
        raise ConfigError(message)
    replay.go_to(0)
    picture = MapPicture(replay, by=by, dark=dark, width_in=_FILM_WIDTH_IN)
    frames = _frames(picture, replay, minutes, on_frame)
    if kind == "gif":
        sampled = minutes[:: -(-len(minutes) // _SAMPLED)]
        palette = palette_for(picture.colours, list(_frames(picture, replay, sampled)))
        write_gif(frames, target, palette, frame_ms=_FRAME_MS)
    else:
        _write_mp4(frames, target)
    return target


def film(view: CityView, *, kind: str = "", by: str = "activity", every_min: int = 10) -> bytes:
    """Return the map over time as a film (see `save_film`).

    Parameters
    ----------
    view : CityView
        The city.
    kind : {"", "gif", "mp4"}, optional
        What `film_kind` says by default.
    by : str, default "activity"
        What people are coloured by.
    every_min : int, default 10
        Minutes of the run between two pictures.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, f"film.{kind or film_kind()}")
        return save_film(view, file, by=by, every_min=every_min).read_bytes()


def _check_film(kind: str, every_min: int) -> None:
    if kind not in {"gif", "mp4"} or every_min < 1:
        wanted = "a film is a .gif or .mp4 with a picture every 1 min or more"
        message = f"{wanted}, got .{kind} and {every_min} min"
        raise ConfigError(message)
    if kind == "mp4" and shutil.which("ffmpeg") is None:
        message = "an .mp4 needs ffmpeg, which is not installed; install it, or write a .gif"
        raise ConfigError(message)


def _frames(
    picture: MapPicture,
    replay: Replay,
    minutes: range,
    on_frame: Callable[[int, int], None] | None = None,
) -> Iterator[Image]:
    """Draw one picture after the other; only the people are drawn again."""
    from PIL import Image

    for done, minute in enumerate(minutes, start=1):
        replay.go_to(minute)
        picture.update()
        yield Image.fromarray(picture.pixels(dpi=_FILM_DPI))
        if on_frame is not None:
            on_frame(done, len(minutes))


def _write_mp4(frames: Iterator[Image], target: Path) -> None:
    """Pass the pictures to ffmpeg, cut to the even sizes that its encoder needs."""
    first = next(frames)
    width, height = (side - side % 2 for side in first.size)
    command = [
        *("ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-s", f"{width}x{height}", "-r", str(1000 // _FRAME_MS), "-i", "-"),
        *("-pix_fmt", "yuv420p", str(target)),
    ]
    # One that gives up in between closes the pipe, and tells by its exit code.
    with suppress(BrokenPipeError), subprocess.Popen(command, stdin=subprocess.PIPE) as coder:  # noqa: S603 - a command of our own
        for frame in (first, *frames):
            cast("BinaryIO", coder.stdin).write(frame.crop((0, 0, width, height)).tobytes())
    if coder.returncode:
        target.unlink(missing_ok=True)
        message = f"ffmpeg failed with exit code {coder.returncode}; write a .gif instead"
        raise ConfigError(message)
