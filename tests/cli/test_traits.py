"""Options of the command traits."""

from __future__ import annotations

from pathlib import Path

from mesa_llm_city.cli.traits import with_usual


def test_defaults_fill_what_neither_the_options_nor_their_file_give(tmp_path: Path) -> None:
    file = tmp_path / "traits.toml"
    file.write_text("days = 3\n", encoding="utf-8")
    given = {"config": file, "days": None, "citizens": "40", "out": None}
    out = str(Path("runs", "traits"))
    assert with_usual(given) == {"config": file, "days": None, "citizens": "40", "out": out}
    assert with_usual({"config": None})["days"] == "7"
