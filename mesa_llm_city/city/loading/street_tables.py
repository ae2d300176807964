"""Streets from tables of edges and junctions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.coordinates import coordinates
from mesa_llm_city.city.loading.street_kinds import street_speeds
from mesa_llm_city.city.loading.street_lengths import lengths_m, straight_m
from mesa_llm_city.city.loading.street_rows import StreetRows
from mesa_llm_city.city.loading.tables import (
    file_name,
    find_column,
    note_misspelt,
    read_table,
    texts,
)
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import StreetParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["rows_of_edges", "rows_of_tables"]


_ENDS = (
    ("u", "from", "source", "from_node", "from_id", "from_node_id", "start_node", "a_node"),
    ("v", "to", "target", "to_node", "to_id", "to_node_id", "end_node", "b_node"),
)
_FACTS = (("length_m", "length"), ("highway",), ("maxspeed",))
"""Columns that a table of edges may have; names of one meaning stand together."""

_KINDS_SHOWN = 3
_NODE = ("node", "id", "osmid", "node_id", "nodeid", "osm_id", "node*")


def rows_of_tables(
    path: str | Path, report: Report, parameters: StreetParameters
) -> StreetRows | None:
    """Read edges (u, v, length_m), and their junctions from the table beside them."""
    edges, name = read_table(path, report), file_name(path)
    nodes_path = _nodes_beside(Path(path))
    if nodes_path is None:
        missing = "there is no table of junctions beside it, named like *nodes*.csv"
        report.add(f"{name}: {missing}; a table of edges needs one with node, lon, lat")
    if edges is None or nodes_path is None:
        return None
    report.reading(nodes_path.name)
    nodes = read_table(nodes_path, report)
    if any(find_column(edges, names) is None for names in _ENDS):
        has = ", ".join(map(str, edges.columns))
        needed = "needs columns u and v (the junctions) and, if known, length_m"
        report.add(f"{name}: {needed} (it has {has})")
        return None
    note_misspelt(edges, _FACTS, name, report)
    if nodes is None:
        return None
    return rows_of_edges(edges, nodes, (name, nodes_path.name), report, parameters)


def rows_of_edges(
    edges: DataFrame,
    nodes: DataFrame,
    names: tuple[str, str],
    report: Report,
    parameters: StreetParameters,
) -> StreetRows | None:
    """Look up the junctions of the edges, and flag those that are not there.

    Parameters
    ----------
    edges, nodes : pandas.DataFrame
        Streets by the ids of their ends; junctions with longitude and latitude.
    names : tuple of str
        Names of both tables, for messages.
    report : Report
        Collects the defects.
    parameters : StreetParameters
        Speeds where the table gives no limit.
    """
    audit = Audit.of_table(names[1], nodes)
    report.audit(audit)
    at = coordinates(nodes, names[1], audit, report)
    if at is None:
        return None
    row_of = _rows_by_id(nodes, at, audit)
    audit = Audit.of_table(names[0], edges)
    report.audit(audit)
    start, end = (_ends(edges, columns, row_of, audit) for columns in _ENDS)
    length = lengths_m(edges, straight_m(at, start, end), audit)
    speeds = street_speeds(edges, parameters)
    report.note(*(f"{names[0]}: {note}" for note in speeds.notes()))
    are_streets = ~np.isnan(speeds.km_h)
    if not np.any(are_streets):
        kinds = ", ".join(repr(kind) for kind in list(speeds.unknown)[:_KINDS_SHOWN])
        found = f"such as {kinds}" if kinds else "since there are no rows"
        report.add(f"{names[0]}: there is no street, that is no row with a known highway; {found}")
        return None
    good = audit.good & are_streets
    return StreetRows(
        lon=at[0],
        lat=at[1],
        start=start[good],
        end=end[good],
        length_m=None if length is None else length[good],
        speed_km_h=speeds.km_h[good],
        source=names[0],
    )


def _rows_by_id(nodes: DataFrame, at: tuple[Float, Float], audit: Audit) -> dict[str, int]:
    """Return the row of each junction that has a position; of several rows the first."""
    row_of: dict[str, int] = {}
    moved = 0
    for row, own in enumerate(map(_plain_id, texts(nodes, find_column(nodes, _NODE)))):
        # A junction without an id is none that a blank end of a street could mean.
        first = row_of.setdefault(own, row) if audit.good[row] and own else row
        moved += first != row and (at[0][first], at[1][first]) != (at[0][row], at[1][row])
    if moved:
        audit.note(f"{moved} rows give a junction again at another position; the first is used")
    return row_of


def _ends(edges: DataFrame, columns: Sequence[str], row_of: dict[str, int], audit: Audit) -> Int:
    """Return the junction of each edge at one end, and flag those that are not there."""
    column = find_column(edges, columns) or columns[0]
    ids = [_plain_id(own) for own in texts(edges, column)]
    rows = np.array([row_of.get(own, -1) for own in ids], dtype=np.int64)
    audit.flag(rows < 0, column, lambda row: f"junction {ids[row]!r} is not in the table of nodes")
    return rows


def _plain_id(text: str) -> str:
    """Return an id without the fraction that a column of numbers with gaps gives it."""
    return text.removesuffix(".0")


def _nodes_beside(path: Path) -> Path | None:
    """Return the table of junctions in the same folder: best the one named alike."""
    for edges, nodes in (("edges", "nodes"), ("links", "nodes"), ("Edges", "Nodes")):
        alike = path.with_name(path.name.replace(edges, nodes))
        if alike != path and alike.is_file():
            return alike
    tables = (".csv", ".csv.gz", ".parquet", ".tsv", ".txt")
    found = sorted(
        other
        for other in path.parent.glob("*[nN]odes*")
        if other != path and other.name.casefold().endswith(tables)
    )
    return found[0] if found else None
