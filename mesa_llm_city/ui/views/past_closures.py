"""What was closed at each minute of a finished run, from what its folder holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from mesa_llm_city.city.places import place_label
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.open import Open
from mesa_llm_city.simulation.interventions.registry import read_interventions
from mesa_llm_city.simulation.interventions.schedule import NEVER
from mesa_llm_city.simulation.interventions.targets import PlaceTarget, Target, as_polygon
from mesa_llm_city.simulation.place_query import zone_rows
from mesa_llm_city.ui.views.protocols import Basemap

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from mesa_llm_city.city import City

__all__ = ["PastClosure", "SavedCity", "interventions_in", "past_closures"]

_END = "end of close"


class PastClosure(NamedTuple):
    """What was closed together for a time.

    Attributes
    ----------
    begin, end : int
        From which minute until before which.
    places : tuple of int
        Ids of places.
    areas : tuple of ndarray of float64, shape (k, 2)
        Outlines in metres, where zones or an area were closed as a whole.
    target : str
        What it was about, in words.
    """

    begin: int
    end: int
    places: tuple[int, ...]
    areas: tuple[Float, ...]
    target: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class SavedCity:
    """What a run kept of its city, as targets of interventions look things up in it.

    Parameters
    ----------
    basemap : Basemap
        Map of the run.
    frame : geopandas.GeoDataFrame
        Its places.
    parameters : CityParameters
        Parameters of the run.
    """

    basemap: Basemap
    frame: GeoDataFrame
    parameters: CityParameters
    network: None = None

    @property
    def places(self) -> _Places:
        """The places by their ids."""
        return _Places(self.basemap, tuple(self.frame["name"].astype(str)))

    @property
    def zones(self) -> _Zones:
        """The zones by their rows."""
        return _Zones(self.basemap.area_names)

    def project(self, lon: Float, lat: Float) -> tuple[Float, Float]:
        """Return positions in metres of positions in degrees."""
        from pyproj import Transformer

        to_metres = Transformer.from_crs("EPSG:4326", self.frame.crs, always_xy=True)
        x, y = to_metres.transform(lon, lat)
        return x, y


class _Zones(NamedTuple):
    names: tuple[str, ...]
    ids: tuple[str, ...] = ()


class _Places:
    def __init__(self, basemap: Basemap, name: Sequence[str]) -> None:
        self.x, self.y = basemap.places.T
        self.category, self.category_names = basemap.kind, basemap.kinds
        self.zone: Int = basemap.areas.of_place
        self.name = name

    def __len__(self) -> int:
        return len(self.x)

    def label(self, place: int) -> str:
        return place_label(place, self.name[place], self.category_names[int(self.category[place])])


def interventions_in(manifest: Mapping[str, Any]) -> list[Close | Open]:
    """Return what a run was to close and open: by its options, and by hand while it ran.

    Parameters
    ----------
    manifest : mapping
        Manifest of the run. Tables that cannot be read, as those of a later version, are left out.
    """
    tables = [*(manifest["config"].get("interventions") or ())]
    acts = manifest.get("acts") or ()
    tables += [act["what"] for act in acts if act["kind"] in {"close", "open"}]
    found: list[Close | Open] = []
    for table in tables:
        try:
            read = read_interventions([table])
        except CityError:
            continue
        found += [one for one in read if isinstance(one, Close | Open)]
    return found


def past_closures(
    rows: pd.DataFrame, planned: Iterable[Close | Open], saved: SavedCity, clock: Clock
) -> tuple[PastClosure, ...]:
    """Return what was closed, and when.

    When is what the table of interventions says; what, the interventions of the same words.
    Those of which neither places nor areas are known, such as modes of travel, are left out.

    Parameters
    ----------
    rows : pandas.DataFrame
        Table ``interventions`` of the run.
    planned : iterable of Close or Open
        Its interventions, as far as they close or open.
    saved : SavedCity
        Its city.
    clock : Clock
        Calendar of the run.
    """
    city = cast("City", saved)  # it has all that targets ask for but the streets
    named = [(_words(one, city), one) for one in planned]
    done: list[PastClosure] = []
    lasting: list[PastClosure] = []
    minutes = minutes_of(rows["time"], clock).tolist()
    for minute, kind, target in zip(minutes, rows["kind"], rows["target"], strict=True):
        same = [one for words, one in named if (one.kind, words) == (kind, target)]
        # Two areas can have the same words.
        one = next((one for one in same if _at(one, clock) == minute), same[0] if same else None)
        if kind == _END:
            still = _ended(lasting, target, minute)
        elif isinstance(one, Open):
            still = list(_opened(lasting, one, city, minute))
        elif one is not None:
            still = [*lasting, _begun(one, saved, minute, target)]
        else:
            continue
        done += [one for one in still if one.end != NEVER]
        lasting = [one for one in still if one.end == NEVER]
    return tuple(one for one in (*done, *lasting) if one.begin < one.end and one.places)


def _words(one: Close | Open, city: City) -> str | None:
    """Return what an intervention is about; None if that is not in what the run kept."""
    if all(getattr(one, name) is None for name in one.target_names):
        return "all that is closed"
    try:
        return one.target_text(city)
    except CityError:
        return None


def _at(one: Close | Open, clock: Clock) -> int | None:
    """Return when an intervention is to happen; None if that is not known before."""
    try:
        return one.at_min(clock)
    except CityError:
        return None


def _begun(one: Close, saved: SavedCity, minute: int, target: str) -> PastClosure:
    city = cast("City", saved)
    return PastClosure(minute, NEVER, _places(one, city), tuple(_areas(one, saved)), target)


def _places(one: Target, city: City) -> tuple[int, ...]:
    asked = PlaceTarget(
        place=one.place, place_kind=one.place_kind, zone=one.zone, polygon=one.polygon
    )
    return asked.found(city).places


def _areas(one: Close, saved: SavedCity) -> Iterator[Float]:
    """Yield the outlines of zones and of an area."""
    import shapely

    city = cast("City", saved)
    if one.polygon is not None:
        for part in shapely.get_parts(as_polygon(city, one.polygon)):
            yield shapely.get_coordinates(shapely.get_exterior_ring(part))
    if one.zone is not None:
        rows = zone_rows(city, one.zone)
        for outline, row in zip(saved.basemap.zones, saved.basemap.outline_area, strict=True):
            if row in rows:
                yield outline


def _ended(lasting: Sequence[PastClosure], target: str, minute: int) -> list[PastClosure]:
    """Return closures, of which the first of a target ends."""
    first = next((row for row, one in enumerate(lasting) if one.target == target), -1)
    return [one._replace(end=minute) if row == first else one for row, one in enumerate(lasting)]


def _opened(
    lasting: Iterable[PastClosure], one: Open, city: City, minute: int
) -> Iterator[PastClosure]:
    """Yield closures, of which some places open; without a target, all that is closed does."""
    opens = set(_places(one, city))
    is_all = all(getattr(one, name) is None for name in one.target_names)
    for closed in lasting:
        left = () if is_all else tuple(place for place in closed.places if place not in opens)
        if left == closed.places:
            yield closed
            continue
        yield closed._replace(end=minute)
        if left:
            yield closed._replace(begin=minute, places=left, areas=())
