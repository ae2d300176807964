"""The scripts of the page are built from the sources beside them, which hold what they promise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

import mesa_llm_city

FOLDER = Path(mesa_llm_city.__file__).parents[1] / "javascript"
RECORD: dict[str, dict[str, str]] = json.loads((FOLDER / "hashes.json").read_text(encoding="utf-8"))
SCRIPTS = [(FOLDER / path).resolve() for path in RECORD["bundles"]]
_BUILT_FROM = {"build.js", "package-lock.json"}
_OLDEST = (20, 19)
# The one script that holds a library, which travels once to each page; and that of the HTML file,
# which holds map, panels and time bar.
_MOST_LETTERS = {"vega_engine.js": 900_000, "html_replay.js": 160_000}
_AGAIN = "run `make js` and commit what it changes"


def _hash(path: str) -> str:
    return sha256((FOLDER / path).read_bytes()).hexdigest()


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if found < _OLDEST:
        pytest.skip(f"needs Node.js 20.19 or newer; this is {version.strip()}")
    return node


def _npx(*command: str) -> None:
    """Run a tool of the lock file, or skip if it is not installed in that version."""
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    for name, version in wanted.items():
        installed = FOLDER / "node_modules" / name / "package.json"
        if not installed.is_file():
            pytest.skip("needs the npm packages; `make js` installs them")
        if json.loads(installed.read_text(encoding="utf-8"))["version"] != version:
            pytest.skip(f"needs {name} {version}; `make js` installs it")
    _run(*command)


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_the_scripts_were_built_from_the_sources_that_are_here() -> None:
    sources = {
        path.relative_to(FOLDER).as_posix()
        for path in (FOLDER / "src").rglob("*")
        if path.is_file()
    }
    assert set(RECORD["sources"]) == sources | _BUILT_FROM, _AGAIN
    stale = [path for path, known in RECORD["sources"].items() if _hash(path) != known]
    assert stale == [], _AGAIN


def test_nobody_has_changed_a_built_script() -> None:
    assert [path for path, known in RECORD["bundles"].items() if _hash(path) != known] == [], _AGAIN
    package = Path(mesa_llm_city.__file__).parent
    assert set(SCRIPTS) == {path.resolve() for path in package.rglob("*.js")}


def test_building_again_gives_the_same_scripts(tmp_path: Path) -> None:
    node = _node()
    _npx(node, "build.js", str(tmp_path))
    for script in SCRIPTS:
        again = tmp_path / script.parent.name / script.name
        assert again.read_bytes() == script.read_bytes(), _AGAIN


@pytest.mark.slow
def test_the_unit_tests_of_the_scripts_pass() -> None:
    _run(_node(), "--test")


def test_the_sources_pass_the_linter_and_the_type_checker() -> None:
    node = _node()
    _npx(node, "node_modules/eslint/bin/eslint.js", ".")
    for project in (".", "tests"):
        _run(node, "node_modules/typescript/bin/tsc", "--project", project)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_stand_in_a_page(script: Path) -> None:
    text = script.read_text(encoding="utf-8").lower()
    assert "</script" not in text
    assert "<!--" not in text
    assert len(text) < _MOST_LETTERS.get(script.name, 140_000)


def test_the_lock_file_holds_no_addresses() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text(encoding="utf-8")
