"""Files of a city: pictures, tables, and a film of the map."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.charts.figures import DARK, LIGHT, png_of
from mesa_llm_city.ui.map.picture import MapPicture
from mesa_llm_city.ui.person.selection import NOBODY
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import TABLES, CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["chart_png", "film", "film_kind", "replay_of", "save_film", "table_csv", "tables_zip"]

_FILM_DPI = 90
_FRAME_MS = 120
_FILM_WIDTH_IN = 8.0


def table_csv(view: CityView, name: str) -> bytes:
    """Return one of the tables as CSV, as far as it is known.

    Parameters
    ----------
    view : CityView
        The city.
    name : str
        One of `TABLES`.

    Raises
    ------
    ConfigError
        If there is no such table.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.ui.views.live import LiveView
    >>> view = LiveView(CityModel(City.synthetic(rng=1, places=400), 20, rng=7))
    >>> table_csv(view, "trips").decode().split(",")[:3]
    ['person', 'start', 'end']
    """
    text: str = view.table(name).to_csv(index=False)
    return text.encode("utf-8")


def tables_zip(view: CityView) -> bytes:
    """Return all tables that have rows, as CSV files in one archive."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in TABLES:
            if len(view.table(name)):
                archive.writestr(f"{name}.csv", table_csv(view, name))
    return out.getvalue()


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


def replay_of(view: CityView) -> Replay:
    """Return a replay of a view that can be moved without moving the view.

    Parameters
    ----------
    view : CityView
        A replay, or the view of a live model, of which it shows what has happened.

    Raises
    ------
    ConfigError
        If it is neither.
    """
    if isinstance(view, Replay):
        return Replay(view.history, view.minute)
    model = model_of(view)
    if model is None:
        message = f"{type(view).__name__} cannot be replayed; give a CityModel or a Replay"
        raise ConfigError(message)
    return Replay.of(model)


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
    frames = _frames(replay, minutes, by=by, dark=dark, on_frame=on_frame)
    if kind == "gif":
        _write_gif(frames, target)
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
    replay: Replay,
    minutes: range,
    *,
    by: str,
    dark: bool,
    on_frame: Callable[[int, int], None] | None,
) -> Iterator[Image]:
    """Draw one picture after the other; only the people are drawn again."""
    from PIL import Image

    replay.go_to(0)
    picture = MapPicture(replay, by=by, dark=dark, width_in=_FILM_WIDTH_IN)
    for done, minute in enumerate(minutes, start=1):
        replay.go_to(minute)
        picture.update()
        yield Image.open(BytesIO(picture.png(dpi=_FILM_DPI))).convert("RGB")
        if on_frame is not None:
            on_frame(done, len(minutes))


def _write_gif(frames: Iterator[Image], target: Path) -> None:
    from PIL import Image

    # One palette for all pictures, so that the background does not flicker.
    first = next(frames).quantize(128)
    rest = (frame.quantize(palette=first, dither=Image.Dither.NONE) for frame in frames)
    first.save(
        target, save_all=True, append_images=rest, duration=_FRAME_MS, loop=0, optimize=False
    )


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
