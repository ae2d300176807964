"""Tables in all their forms are read alike, or refused by name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Hashable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.table import parse_table, read_table

PLAIN = "id,name,lon\n1,Café,139.7\n2,喫茶店,139.71\n"
CELLS = {"id": ["1", "2"], "name": ["Café", "喫茶店"], "lon": ["139.7", "139.71"]}
WESTERN = "id,name,lon\n1,Café “Übung”,139.7\n2,Joe\u2019s,139.71\n"
JAPANESE = "id,name,lon\n1,カフェ,139.7\n2,喫茶店,139.71\n"
KOREAN = "id,name,lon\n1,카페,127.0\n2,서울,127.1\n"


def cells(data: bytes | str, name: str = "a.csv") -> dict[Hashable, Any]:
    content = data.encode() if isinstance(data, str) else data
    return parse_table(content, name).frame.to_dict("list")


def refusal(data: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(DataError) as caught:
        cells(data, name)
    assert all(defect.startswith(name) for defect in caught.value.defects)
    return str(caught.value)


def zipped(**members: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return buffer.getvalue()


def parquet(**columns: list[str]) -> bytes:
    buffer = BytesIO()
    pd.DataFrame(columns).to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [";", "\t", "|", ":", "^", "~", ", ", " "])
def test_the_separator_is_found(separator: str) -> None:
    assert cells(PLAIN.replace(",", separator)) == CELLS


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.removesuffix("\n"),
        "\ufeff" + PLAIN,
        "\n\n" + PLAIN.replace("\n", "\n\n") + " , ,\n",
        "sep=;\n" + PLAIN.replace(",", ";"),
        "# from a survey\n# of 2020\n" + PLAIN,
        "#" + PLAIN,
        PLAIN.replace("id,", " id ,").replace("1,", "1 , "),
        "".join(f'"{line}"\n' for line in PLAIN.splitlines()),
        PLAIN.replace("7\n", "7,\n").replace("1\n", "1,,,\n"),
        PLAIN.replace("lon\n", "lon,,\n"),
        PLAIN.replace("\n", ",\n"),
    ],
)
def test_line_ends_blanks_comments_and_separators_at_the_end_change_nothing(text: str) -> None:
    assert cells(text) == CELLS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    assert cells(PLAIN.encode(encoding)) == CELLS


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        (WESTERN, "cp1252", "Windows-1252"),
        (JAPANESE, "cp932", "Shift JIS"),
        (JAPANESE, "iso2022_jp", "ISO-2022-JP"),
        (KOREAN, "iso2022_kr", "ISO-2022-KR"),
    ],
)
def test_older_encodings_are_read_and_noted(text: str, encoding: str, message: str) -> None:
    table = parse_table(text.encode(encoding), "a.csv")
    assert table.frame.to_dict("list") == cells(text)
    assert any(message in note for note in table.notes)


@pytest.mark.parametrize("encoding", ["euc_jp", "gbk"])
def test_other_encodings_are_refused(encoding: str) -> None:
    assert "is not UTF-8 (line 2)" in refusal(JAPANESE.encode(encoding))


def test_damaged_bytes_are_named_by_their_line() -> None:
    assert "line 3 is damaged" in refusal(PLAIN.encode()[:-10] + b"\xff,139.71\n" + PLAIN.encode())
    assert "NUL characters, the first in line 2" in refusal(PLAIN.replace("Caf", "C\0f"))
    assert "escape sequences (ISO 2022)" in refusal(PLAIN.encode() + b"\x1b$B\xff")
    assert "but is not from line" in refusal(b"\xef\xbb\xbf" + WESTERN.encode("cp1252"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)),
        ("A.CSV.GZ", gzip.compress(PLAIN.encode(), mtime=0)),
        ("a.csv", gzip.compress(PLAIN.encode(), mtime=0)),
        ("a.csv.bz2", bz2.compress(PLAIN.encode())),
        ("a.csv.xz", lzma.compress(PLAIN.encode())),
        ("a.zip", zipped(a__csv=PLAIN, read__txt="x")),
        ("a.csv", parquet(**CELLS)),
        ("a.PARQUET", parquet(**CELLS)),
    ],
)
def test_packed_tables_and_parquet_are_known_by_their_content(name: str, data: bytes) -> None:
    assert cells(data, name) == CELLS


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n \n", "no header and no rows"),
        ("a.csv.gz", PLAIN.encode(), "is no gzip file though its name ends in .gz"),
        ("a.zip", PLAIN.encode(), "is no ZIP archive though its name ends in .zip"),
        ("a.csv.gz", gzip.compress(PLAIN.encode() * 9, mtime=0)[:60], "damaged or cut gzip"),
        ("a.csv.bz2", bz2.compress(PLAIN.encode())[:30], "damaged or cut bzip2"),
        ("a.zip", zipped(a__csv=PLAIN)[:60], "damaged ZIP"),
        ("a.zip", zipped(a__csv=PLAIN, b__csv=PLAIN), "must hold one table, but holds a.csv, b.c"),
        ("a.csv", zipped(**{"xl/workbook__xml": ""}), "is an Excel workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0" + bytes(99), "is an Excel workbook"),
        ("a.csv", b"<!DOCTYPE html><html>", "is a web page (HTML)"),
        ("a.csv", b' [{"a": 1}]', "is a JSON file"),
        ("a.csv", b'{"type": "FeatureCollection"}', "is a GeoJSON map; name it .geojson"),
        ("a.csv", b"<?xml?><osm version='0.6'>", "is an OpenStreetMap extract"),
        ("a.csv", b"<?xml?><!DOCTYPE network SYSTEM 'http://www.matsim.org/x'>", "of MATSim"),
        ("a.csv", b"SQLite format 3\0", "is a GeoPackage"),
        ("a.omx", b"\x89HDF\r\n\x1a\n", "is an HDF5 file (such as OMX"),
        ("a.csv.zst", b"\x28\xb5\x2f\xfd", "is compressed with zstd"),
        ("a.parquet", parquet(**CELLS)[:-40], "is a damaged Parquet file"),
        ("a.parquet", PLAIN.encode(), "is no Parquet file"),
    ],
)
def test_what_is_no_table_is_named(name: str, data: bytes, message: str) -> None:
    assert message in refusal(data, name)


def test_a_path_without_a_file_is_one_message(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path, "is a folder; give the file in it"),
        (tmp_path / "none.csv", "there is no such file"),
        ("https://example.org/a.csv", "is an address in the web"),
        ("a\0.csv", "there is no such file"),
        ("x" * 5000, "there is no such file"),
        (tmp_path / "oslo.osm.bz2", "there is no such file"),
    ):
        with pytest.raises(DataError, match=message):
            read_table(path)
    (tmp_path / "oslo.osm.bz2").write_bytes(b"BZh")
    with pytest.raises(DataError, match=r"packed OpenStreetMap .* tables are read from CSV"):
        read_table(tmp_path / "oslo.osm.bz2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id!lon\n1!2\n", "no separator was found in its first line 'id!lon'"),
        ("1,139.7\n2,139.8\n", "has no header: its first row holds the number 139.7"),
        ("id,lon,lon\n1,2,3\n", "there are 2 columns lon, which differ"),
        (PLAIN + "3,a\n", "line 4: the row has 2 cells, the header 3"),
        ("id,lon\n1,2,3\n4,5,6\n", "all 2 rows have 3 cells but the header names 2 columns"),
        (PLAIN + '3,"open,1\n4,b,2\n', "the quotation mark of the row in line 4 is never closed"),
    ],
)
def test_a_table_that_is_not_in_shape_is_refused(text: str, message: str) -> None:
    assert message in refusal(text)


def test_ragged_rows_can_be_left_out() -> None:
    table = parse_table((PLAIN + "3,a\n4,b,1\n").encode(), "a.csv", drop_bad_rows=True)
    assert table.frame["id"].tolist() == ["1", "2", "4"]
    assert table.lines.tolist() == [2, 3, 5]
    assert table.ragged == ("line 4: the row has 2 cells, the header 3",)


def test_lines_count_blank_lines_and_lines_within_cells() -> None:
    table = parse_table(b'# x\nid,name\n\n1,"a\nb"\n\n2,c\n', "a.csv", comments=True)
    assert table.frame["name"].tolist() == ["a\nb", "c"]
    assert table.lines.tolist() == [5, 7]


def test_columns_are_chosen_named_and_kept_once() -> None:
    table = parse_table(PLAIN.encode(), "a.csv", columns=("lon", "id"))
    assert table.frame.to_dict("list") == {"lon": CELLS["lon"], "id": CELLS["id"]}
    assert cells("id,id,,\n1,1,x,\n") == {"id": ["1"], "column 3": ["x"]}
    with pytest.raises(DataError, match=r"lacks the columns lat \(it has id, name, lon\)"):
        parse_table(PLAIN.encode(), "a.csv", columns=("lat",))


def test_signs_of_missing_values_are_blank() -> None:
    assert cells("id,a\n1,NA\n2,NULL\n3,\n")["a"] == ["", "", ""]


def test_cells_are_given_as_text_whatever_they_were() -> None:
    buffer = BytesIO()
    pd.DataFrame({"a": [1.5, None], "b": [" x ", None]}).to_parquet(buffer)
    table = parse_table(buffer.getvalue(), "a.parquet")
    assert table.texts(("a", "b", "c")) == [("1.5", "x", ""), ("", "", "")]


def test_an_index_with_a_name_is_a_column_of_parquet() -> None:
    buffer = BytesIO()
    pd.DataFrame({"lon": [1.5]}, index=pd.Index([7], name="id")).to_parquet(buffer)
    assert cells(buffer.getvalue()) == {"id": [7], "lon": [1.5]}
