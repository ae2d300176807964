"""Street networks in GraphML, as OSMnx and NetworkX write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.city.loading.audit import Report

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from networkx import Graph
    from pandas import DataFrame

__all__ = ["read_graphml"]

_EDGE_FIELDS = ("length", "highway", "maxspeed", "speed_kph")


def read_graphml(path: str | Path, report: Report) -> tuple[DataFrame, DataFrame] | None:
    """Read edges (u, v, length, highway, maxspeed) and junctions (node, lon, lat).

    Coordinates in another reference system, as of a projected graph, are converted to degrees.
    None, and a reported defect, if that fails.
    """
    import pandas as pd

    name = Path(path).name
    if not Path(path).is_file():
        report.add(f"{name}: there is no such file ({path})")
        return None
    graph = _graph(Path(path), report)
    if graph is None:
        return None
    nodes = pd.DataFrame(
        [
            (node, _position(data, "lon", "x"), _position(data, "lat", "y"))
            for node, data in graph.nodes(data=True)
        ],
        columns=["node", "lon", "lat"],
    )
    if not len(nodes) or not graph.number_of_edges() or nodes[["lon", "lat"]].isna().all(axis=None):
        needed = "as OSMnx writes them with save_graphml"
        report.add(f"{name}: lacks junctions with x and y, or edges between them, {needed}")
        return None
    edges = pd.DataFrame(
        [
            (u, v, *(data.get(field) for field in _EDGE_FIELDS))
            for u, v, data in graph.edges(data=True)
        ],
        columns=["u", "v", *_EDGE_FIELDS],
    )
    edges.index += 1
    nodes.index += 1
    kept = edges.dropna(axis="columns", how="all")
    return kept, _in_degrees(nodes, str(graph.graph.get("crs", "")))


def _graph(path: Path, report: Report) -> Graph[str] | None:
    """Read the graph, and turn errors into a defect."""
    import networkx as nx

    try:
        graph: Graph[str] = nx.read_graphml(path)
    except (nx.NetworkXError, SyntaxError, ValueError, KeyError, OSError) as error:
        reason = " ".join(str(error).split())
        report.add(f"{path.name}: cannot be read as GraphML ({reason}); is the file whole?")
        return None
    return graph


def _position(data: dict[str, Any], *names: str) -> float | None:
    """Return the first coordinate that is there."""
    for name in names:
        try:
            return float(data[name])
        except (KeyError, TypeError, ValueError):
            continue
    return None


def _in_degrees(nodes: DataFrame, crs: str) -> DataFrame:
    """Convert coordinates of a projected graph to degrees."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs) if crs else None
    except CRSError:
        system = None
    if system is None or not system.is_projected or nodes["lon"].abs().max() <= 360.0:
        return nodes
    to_degrees = Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(nodes["lon"].to_numpy(), nodes["lat"].to_numpy())
    return nodes.assign(lon=lon, lat=lat)
