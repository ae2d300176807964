"""Layers of maps: which there are, and which one fits what is wanted of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.formats import map_members, split_layer

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["Layer", "LayerCriteria", "chosen_layers"]

_SAMPLE = 500
"""Number of features by which a layer is judged."""

_ANY_SHAPE = ("Unknown", "Geometry", "GeometryCollection")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a map.

    Parameters
    ----------
    source : str
        What GDAL opens: the file, or a member of an archive.
    name : str
        Name of the layer.
    shape : str or None
        Type of its geometry, such as ``"MultiPolygon"``; None for a table without geometry.
    """

    source: str
    name: str
    shape: str | None

    def __str__(self) -> str:
        """Return name and type."""
        return f"{self.name} ({self.shape or 'no geometry'})"


@dataclass(frozen=True, slots=True)
class LayerCriteria:
    """Which layers of a map serve a purpose.

    Parameters
    ----------
    what : str
        For messages, such as ``"zones"``.
    shapes : tuple of str
        Words in the types of geometry that serve, such as ``("Polygon",)``.
    fits : function of DataFrame to bool
        Whether the fields of a layer, of which it gets a sample, are those that are wanted.
    takes_all : bool, default False
        Whether all layers that fit are read, rather than the one with most features.
    tables : str, default ""
        Which table can give the same, if any can.
    """

    what: str
    shapes: tuple[str, ...]
    fits: Callable[[DataFrame], bool]
    takes_all: bool = False
    tables: str = ""

    @property
    def otherwise(self) -> str:
        """Return what to give in place of a table without geometry."""
        return f"give a map of {self.what}" + (f", or {self.tables}" if self.tables else "")

    def serves(self, layer: Layer) -> bool:
        """Return whether the geometry of a layer can be what is wanted."""
        shape = layer.shape
        if shape is None:
            return False
        return shape in _ANY_SHAPE or any(word in shape for word in self.shapes)


def chosen_layers(path: str | Path, criteria: LayerCriteria, report: Report) -> list[Layer]:
    """Return the layers to read; empty, and a reported defect, if none can be chosen.

    A layer may be named in the path (``city.gpkg|wards``). Otherwise the layers count whose
    geometry serves; of several, those whose fields fit; of these, those that are called like what
    is wanted. What was chosen is noted.
    """
    location, named = split_layer(path)
    layers = _layers(location)
    listed = ", ".join(map(str, layers))
    if named is not None:
        found = [layer for layer in layers if layer.name.casefold() == named.casefold()]
        if not found:
            report.add(f"{location.name}: has no layer {named!r}; it has {listed}")
        return found
    if not any(layer.shape is not None for layer in layers):
        report.add(
            f"{location.name}: has no geometry, only a table ({listed}); {criteria.otherwise}"
        )
        return []
    if len(layers) == 1:
        return layers
    return _fitting(location, layers, criteria, report)


def _fitting(
    location: Path, layers: list[Layer], criteria: LayerCriteria, report: Report
) -> list[Layer]:
    """Choose among several layers."""
    serving = [layer for layer in layers if criteria.serves(layer)]
    fitting = serving
    if len(serving) > 1:
        fitting = [layer for layer in serving if criteria.fits(_sample(layer))]
    if not fitting:
        choice = (
            f"choose one as {criteria.what}, such as {location.name}|{(serving or layers)[0].name}"
        )
        report.add(f"{location.name}: has {len(layers)} layers, {_listed(layers)}; {choice}")
        return []
    called = [
        layer for layer in fitting if criteria.what.removesuffix("s") in layer.name.casefold()
    ]
    chosen = fitting if criteria.takes_all else [max(called or fitting, key=_size)]
    if others := [layer for layer in layers if layer not in chosen]:
        used = ", ".join(layer.name for layer in chosen)
        report.note(
            f"{location.name}: layer {used} is read as {criteria.what}; there are also "
            f"{_listed(others)}, each to be chosen like {location.name}|{others[0].name}"
        )
    return chosen


def _listed(layers: Sequence[Layer]) -> str:
    return ", ".join(map(str, layers))


def _layers(location: Path) -> list[Layer]:
    """List the layers of a map, of all maps in an archive, or of all shapefiles in a folder."""
    import pyogrio

    if location.suffix.casefold() in (".parquet", ".pq", ".geoparquet"):
        return [Layer(str(location), location.name, "Unknown")]
    sources = _sources(location)
    return [
        Layer(source, str(name), None if shape is None else str(shape))
        for source in sources
        for name, shape in pyogrio.list_layers(source).tolist()
    ]


def _sources(location: Path) -> list[str]:
    """Return what GDAL opens."""
    is_archive = location.suffix.casefold() == ".zip"
    if not (is_archive or location.is_dir()) or location.suffix.casefold() == ".gdb":
        return [str(location)]
    root = f"/vsizip/{location.resolve()}" if is_archive else str(location)
    return [f"{root}/{member}" for member in map_members(location)]


def _sample(layer: Layer) -> DataFrame:
    """Return the fields of the first features of a layer."""
    import pyogrio

    sample: DataFrame = pyogrio.read_dataframe(
        layer.source, layer=layer.name, max_features=_SAMPLE, read_geometry=False
    )
    return sample


def _size(layer: Layer) -> int:
    """Count the features of a layer."""
    import pyogrio

    return int(pyogrio.read_info(layer.source, layer=layer.name)["features"])
