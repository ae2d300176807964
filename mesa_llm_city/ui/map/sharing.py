"""What several maps of a page have in common: colours, layers, and where the reader looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import solara

if TYPE_CHECKING:
    from mesa_llm_city.ui.map.canvas import Frame

__all__ = ["LAYERS", "MapCamera", "SharedLook"]

LAYERS = ("people", "land", "streets", "places", "zones", "names")
"""What is drawn at first; ``heat``, ``trips`` and ``flows`` can be added."""

Where = list[float]


class MapCamera:
    """Where the reader looks, on all maps of one `Frame` that share a look.

    In the browser those maps move together by themselves; what they report is kept for maps
    that come later, and what is set here moves all of them.

    Attributes
    ----------
    group : str
        Name by which maps know one another in the browser.
    where : solara.Reactive of list of float
        x and y of the middle, and the side of the largest square about it that is in view, in
        units of the frame; empty while all of the city is shown.

    Examples
    --------
    >>> camera = MapCamera()
    >>> stop = camera.follow(print)
    >>> camera.where.set([32_000.0, 20_000.0, 5_000.0])
    [32000.0, 20000.0, 5000.0]
    >>> camera.moved([30_000.0, 20_000.0, 5_000.0])
    >>> camera.where.value, stop()
    ([30000.0, 20000.0, 5000.0], None)
    """

    __slots__ = ("_is_reported", "group", "where")

    def __init__(self) -> None:
        self.group = uuid4().hex
        self.where: solara.Reactive[Where] = solara.reactive([])
        self._is_reported = False

    def moved(self, where: Where) -> None:
        """Note where the reader has moved the maps, all of which stand there already.

        Parameters
        ----------
        where : list of float
            As `where`.
        """
        self._is_reported = True
        try:
            self.where.set(where)
        finally:
            self._is_reported = False

    def follow(self, on_set: Callable[[Where], None]) -> Callable[[], None]:
        """Call a function when maps are to look elsewhere; return what ends that.

        Parameters
        ----------
        on_set : callable
            Called with `where`, but not for what maps have reported by `moved`.
        """

        def tell(where: Where) -> None:
            if not self._is_reported:
                on_set(where)

        stop = self.where.subscribe(tell)

        def leave() -> None:
            stop()

        return leave


@dataclass(frozen=True, slots=True, eq=False)
class SharedLook:
    """What maps have in common that are drawn with the same one (see `CityMap`).

    Attributes
    ----------
    by : solara.Reactive of str
        What people are coloured by.
    layers : solara.Reactive of list of str
        What is drawn.
    measure : solara.Reactive of str
        What zones are coloured by, empty for nothing.
    flow_span : solara.Reactive of str
        Over what time flows are counted, "hour" or "day".
    only_differing : solara.Reactive of bool
        Whether people are pale who do the same at the same place in the run that a map is
        compared with.

    Examples
    --------
    >>> look = SharedLook()
    >>> look.by.value, look.only_differing.value
    ('activity', False)
    """

    by: solara.Reactive[str] = field(default_factory=lambda: solara.reactive("activity"))
    layers: solara.Reactive[list[str]] = field(
        default_factory=lambda: solara.reactive(list(LAYERS))
    )
    measure: solara.Reactive[str] = field(default_factory=lambda: solara.reactive(""))
    flow_span: solara.Reactive[str] = field(default_factory=lambda: solara.reactive("hour"))
    only_differing: solara.Reactive[bool] = field(
        default_factory=lambda: solara.reactive(value=False)
    )
    _cameras: dict[Frame, MapCamera] = field(default_factory=dict, init=False)

    def camera(self, frame: Frame) -> MapCamera:
        """Return where the maps of a frame look; those of another city move by themselves.

        Parameters
        ----------
        frame : Frame
            Frame of a map; two maps of one city have equal ones.
        """
        if frame not in self._cameras:
            self._cameras[frame] = MapCamera()
        return self._cameras[frame]
