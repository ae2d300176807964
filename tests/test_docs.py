"""The manual tells the truth: its code runs, its links lead somewhere, nothing is missing."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import mesa_llm_city

ROOT = Path(mesa_llm_city.__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in page.parts),
    *sorted((ROOT / "models").glob("*/README.md")),
]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)[^)]*\)")


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(_text(page))], ids=_name)
def test_the_code_of_a_page_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # A page is a module, so that what is pickled there can find its classes.
    module = ModuleType(f"page_{page.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    text, names = _text(page), vars(module)
    for block in BLOCK.finditer(text):
        # Empty lines before the code let an error point at its line in the page.
        above = "\n" * text.count("\n", 0, block.start(1))
        exec(compile(above + block[1], str(page), "exec"), names)  # noqa: S102 - our own pages


def test_links_to_other_files_lead_somewhere() -> None:
    wrong = [
        f"{_name(page)}: {link}"
        for page in PAGES
        for link in LINK.findall(_text(page))
        if not (page.parent / link).exists()
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_commands_that_pages_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    wrong = [
        f"{_name(page)}: make {target}"
        for page in PAGES
        for target in re.findall(r"(?:^\$ |`)make ([\w-]+)", _text(page), re.MULTILINE)
        if target not in targets
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_every_part_of_the_package_has_its_place_in_the_reference() -> None:
    index = _text(ROOT / "docs" / "reference" / "index.md")
    told = set(re.findall(r"^   mesa_llm_city\.(\w+)", index, re.MULTILINE))
    parts = {
        path.stem
        for path in (ROOT / "mesa_llm_city").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert parts - told == {"__init__", "__main__", "models"}
