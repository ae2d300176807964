"""Text and JSON of others: read in UTF-8, or refused with what they are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.text_files import is_file, is_folder, read_json, read_text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a = 1".encode("utf-16"), "UTF-16; save it as text in UTF-8"),
        ("a = 1".encode("utf-32"), "UTF-32"),
        ("a = 1".encode("utf-16-le"), "byte 2 is zero"),
        ("a = 'é'".encode("latin-1"), "byte 0xe9 in line 1"),
        (gzip.compress(b"a = 1"), "compressed with gzip"),
        (b"PK\x03\x04rest", "a ZIP archive"),
    ],
)
def test_other_encodings_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.toml").write_bytes(data)
    with pytest.raises(DataError, match=rf"a\.toml is .*{message}"):
        read_text(tmp_path / "a.toml")


def test_a_byte_order_mark_of_utf_8_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": "\xc3\xa9"}')
    assert read_json(tmp_path / "a.json") == {"a": "é"}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "9" * 5000, '{"a": NaN}', "<html>"])
def test_text_that_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DataError, match=r"a\.json cannot be read as JSON"):
        read_json(tmp_path / "a.json")


@pytest.mark.parametrize("path", ["none.json", "a\x00b", "x" * 5000, "."])
def test_a_path_that_is_none_is_told(path: str) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_text(Path(path))
    assert not is_file(Path(path))
    assert is_folder(Path(path)) == (path == ".")
