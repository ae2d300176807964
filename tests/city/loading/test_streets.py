"""Streets: lines are joined where they meet, and tables of edges are checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city import City
from mesa_llm_city.city.loading.street_rows import network_of_lines
from mesa_llm_city.city.network import Network
from mesa_llm_city.core.errors import DataError

LON, LAT = 139.70, 35.66


def joined(*wkt: str) -> Network:
    return network_of_lines(np.array(shapely.from_wkt(list(wkt))), np.full(len(wkt), 30.0))


class TestLines:
    def test_lines_are_split_where_others_meet_them(self) -> None:
        net = joined("LINESTRING (0 0, 50 0, 90 0)", "LINESTRING (50 0, 50 70)")
        assert sorted(net.length_m.tolist()) == [40.0, 50.0, 70.0]
        assert len(net.x) == 4

    def test_bends_make_streets_longer_not_more(self) -> None:
        net = joined("LINESTRING (0 0, 30 0, 30 40, 60 40)")
        assert net.length_m.tolist() == [100.0]
        assert len(net.segments) == 3

    def test_a_bridge_is_not_joined_to_what_passes_below(self) -> None:
        net = joined("LINESTRING (0 0, 100 0)", "LINESTRING (50 -50, 50 40)")
        assert net.length_m.tolist() == [100.0]
        assert net.share_kept == pytest.approx(100 / 190)

    def test_a_line_that_meets_itself_is_a_loop_with_a_tail(self) -> None:
        net = joined("LINESTRING (0 0, 10 0, 10 10, 0 10, 0 0, -5 0)")
        assert net.total_km == pytest.approx(0.045)
        assert sorted(net.length_m.tolist()) == [5.0, 40.0]

    @pytest.mark.slow
    @given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=12))
    def test_no_length_is_lost_on_a_connected_walk(self, walk: list[tuple[int, int]]) -> None:
        steps = [a for a, b in zip(walk, [*walk[1:], None], strict=True) if a != b]
        if len(steps) < 2:
            return
        line = shapely.LineString(np.array(steps) * 10.0)
        net = network_of_lines(np.array([line]), np.array([30.0]))
        assert net.total_km * 1000.0 == pytest.approx(line.length)


def places_file(folder: Path) -> Path:
    rows = [
        f"Bar,{LON + column * 0.004:.6f},{LAT + row * 0.004:.6f}"
        for row in range(2)
        for column in range(2)
    ]
    (folder / "pois.csv").write_text("\n".join(["category,lon,lat", *rows]))
    return folder / "pois.csv"


def edges_file(folder: Path, *edges: str, nodes: str | None = None) -> Path:
    corners = [(LON, LAT), (LON + 0.004, LAT), (LON + 0.004, LAT + 0.004), (LON, LAT + 0.004)]
    rows = [f"{node},{lat},{lon}" for node, (lon, lat) in enumerate(corners)]
    table = "\n".join(["node,lat,lon", *rows]) if nodes is None else nodes
    (folder / "my_nodes.csv").write_text(table)
    (folder / "my_edges.csv").write_text("\n".join(["u,v,length_m,highway,maxspeed", *edges]))
    return folder / "my_edges.csv"


RING = ("0,1,500,primary,50 mph", "1,2,500,residential,", "2,3,500,residential,")


class TestTables:
    def test_edges_find_their_junctions_beside_them(self, tmp_path: Path) -> None:
        path = edges_file(tmp_path, *RING)
        city = City.from_files(places_file(tmp_path), network=path)
        assert city.network is not None
        assert city.network.total_km == 1.5
        assert city.network.speed_km_h.tolist() == [pytest.approx(80.4672), 30.0, 30.0]
        assert len(city.streets) == 3

    def test_the_missing_side_of_the_square_makes_a_detour(self, tmp_path: Path) -> None:
        city = City.from_files(places_file(tmp_path), network=edges_file(tmp_path, *RING))
        assert city.skims.detour.max() > 1.3

    def test_edges_without_junctions_are_defects(self, tmp_path: Path) -> None:
        path = edges_file(tmp_path, *RING, "0,77,10,residential,", "0,2,-5,residential,")
        with pytest.raises(DataError) as caught:
            City.from_files(places_file(tmp_path), network=path)
        assert "my_edges.csv, row 5, v: junction '77' is not in the table" in str(caught.value)
        assert "my_edges.csv, row 6, length_m: is no length" in str(caught.value)

    def test_a_blank_end_of_a_street_means_no_junction(self, tmp_path: Path) -> None:
        path = edges_file(tmp_path, *RING, "0,,10,residential,")
        with (tmp_path / "my_nodes.csv").open("a") as nodes:
            nodes.write(f"\n,{LAT},{LON}\n")
        with pytest.raises(DataError, match=r"my_edges\.csv, row 5, v: junction '' is not in"):
            City.from_files(places_file(tmp_path), network=path)

    def test_a_table_of_edges_alone_is_a_defect(self, tmp_path: Path) -> None:
        path = edges_file(tmp_path, *RING)
        (tmp_path / "my_nodes.csv").unlink()
        with pytest.raises(DataError, match="no table of junctions beside it"):
            City.from_files(places_file(tmp_path), network=path)

    def test_edges_without_ends_are_a_defect(self, tmp_path: Path) -> None:
        path = edges_file(tmp_path)
        path.write_text("a,b\n1,2\n")
        with pytest.raises(DataError, match="needs columns u and v"):
            City.from_files(places_file(tmp_path), network=path)


class TestMaps:
    def written(self, folder: Path, shapes: Sequence[object], **columns: Sequence[object]) -> Path:
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
        frame.to_file(folder / "streets.gpkg")
        return folder / "streets.gpkg"

    def test_lines_near_the_places_become_streets(self, tmp_path: Path) -> None:
        here = shapely.LineString([(LON, LAT), (LON + 0.004, LAT), (LON + 0.004, LAT + 0.004)])
        there = shapely.LineString([(LON + 1, LAT), (LON + 1.5, LAT)])
        path = self.written(tmp_path, [here, there], highway=["residential", "primary"])
        network = City.from_files(places_file(tmp_path), network=path).network
        assert network is not None
        assert 0.7 < network.total_km < 0.9

    def test_streets_of_another_city_are_a_defect(self, tmp_path: Path) -> None:
        there = shapely.LineString([(LON + 1, LAT), (LON + 1.5, LAT)])
        path = self.written(tmp_path, [there], highway=["primary"])
        with pytest.raises(DataError, match="no street lies within 2000 m"):
            City.from_files(places_file(tmp_path), network=path)

    def test_a_map_without_streets_is_a_defect(self, tmp_path: Path) -> None:
        line = shapely.LineString([(LON, LAT), (LON + 0.004, LAT)])
        path = self.written(tmp_path, [line], highway=["proposed"])
        with pytest.raises(DataError, match="there is no street"):
            City.from_files(places_file(tmp_path), network=path)

    def test_what_is_no_line_is_a_defect(self, tmp_path: Path) -> None:
        line = shapely.LineString([(LON, LAT), (LON + 0.004, LAT)])
        path = self.written(tmp_path, [line, line.buffer(0.001)], highway=["primary", "primary"])
        with pytest.raises(DataError, match="row 2, geometry: is no line"):
            City.from_files(places_file(tmp_path), network=path)
