"""The folder of a save: whole or as it was before, checked when it is read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.simulation.saving.folder import INDEX, read_save, write_save


def _write(folder: Path, *, minute: int = 5) -> None:
    contents = {"city.json": b"[1]", "mesa.json": b"[%d]" % minute}
    write_save(folder, {"minute": minute, "package": "0.1.0"}, contents)


def _file(folder: Path, name: str) -> Path:
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return folder / str(index["files"][name]["file"])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    _write(tmp_path / "new" / "save")
    saved = read_save(tmp_path / "new" / "save")
    assert saved.contents == {"city.json": b"[1]", "mesa.json": b"[5]"}
    assert (saved.head["format"], saved.head["minute"]) == (1, 5)


def test_a_later_save_takes_the_place_and_keeps_what_is_the_same(tmp_path: Path) -> None:
    _write(tmp_path)
    before = _file(tmp_path, "city.json").stat().st_mtime_ns
    old = _file(tmp_path, "mesa.json")
    _write(tmp_path, minute=10)
    assert read_save(tmp_path).contents["mesa.json"] == b"[10]"
    assert _file(tmp_path, "city.json").stat().st_mtime_ns == before
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 3


def test_everything_missing_or_damaged_is_listed(tmp_path: Path) -> None:
    _write(tmp_path)
    city, clock = _file(tmp_path, "city.json"), _file(tmp_path, "mesa.json")
    city.unlink()
    clock.write_bytes(b"[6]")
    with pytest.raises(DataError) as told:
        read_save(tmp_path)
    assert told.value.defects == (
        f"{city.name} is missing",
        f"{clock.name} is damaged: its SHA-256 is another one",
    )


def test_a_file_that_was_damaged_is_written_anew(tmp_path: Path) -> None:
    _write(tmp_path)
    _file(tmp_path, "city.json").write_bytes(b"[9]")
    _write(tmp_path)
    assert read_save(tmp_path).contents["city.json"] == b"[1]"


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"format": 2, "package": "9.9"}, r"version 2 of the format.*reads version 1.*\(9\.9\)"),
        ({"format": 1, "files": {"city.json": {"file": "../x", "sha256": ""}}}, "does not say"),
        ({"format": 1}, "does not say which files"),
        ([1], "is no index of a save"),
    ],
)
def test_an_index_that_is_none_is_refused(tmp_path: Path, index: object, message: str) -> None:
    (tmp_path / INDEX).write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_save(tmp_path)


def test_a_folder_without_a_save_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no save: there is no save.json in it"):
        read_save(tmp_path / "nowhere")


def test_the_save_beside_the_results_of_a_run_is_proposed(tmp_path: Path) -> None:
    _write(tmp_path / "town_day-7.save")
    with pytest.raises(DataError, match=r"did you mean .*town_day-7\.save\?"):
        read_save(tmp_path / "town_day-7")


def test_folders_of_something_else_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ConfigError, match=r"holds 'thesis.tex', which is no part of a save"):
        _write(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"is a file; choose another folder"):
        _write(tmp_path / "file")


_KILLED = """
import os, sys
from pathlib import Path
from mesa_llm_city.simulation.saving import folder
done, write = 0, folder._write
def dying(path, data):
    global done
    if done == int(sys.argv[2]):
        (path.parent / f".{path.name}.partial-1").write_bytes(data[:1])
        os.kill(os.getpid(), 9)
    done += 1
    write(path, data)
folder._write = dying
folder.write_save(Path(sys.argv[1]), {"minute": 10}, {"city.json": b"[2]", "mesa.json": b"[10]"})
"""


@pytest.mark.slow
@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_process_that_is_killed_leaves_the_earlier_save(tmp_path: Path, written: int) -> None:
    _write(tmp_path)
    before = read_save(tmp_path)
    command = [sys.executable, "-c", _KILLED, str(tmp_path), str(written)]
    done = subprocess.run(command, check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    assert read_save(tmp_path) == before
    _write(tmp_path, minute=10)
    assert len(list(tmp_path.iterdir())) == 3


def test_an_index_in_which_anything_has_changed_is_refused(tmp_path: Path) -> None:
    _write(tmp_path)
    text = (tmp_path / INDEX).read_text(encoding="utf-8")
    (tmp_path / INDEX).write_text(text.replace('"minute": 5', '"minute": 7'), encoding="utf-8")
    with pytest.raises(DataError, match=r"save.json is damaged: its SHA-256 is another one"):
        read_save(tmp_path)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_path_that_no_disk_takes_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"is no name of a folder"):
        _write(tmp_path / name)
