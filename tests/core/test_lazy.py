"""Names that are imported late, and what is said where their libraries are not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mesa_llm_city import migration
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.lazy import lazily


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a package, one module of which needs a library that does not exist."""
    home = tmp_path / "lazy_example"
    home.mkdir()
    (home / "__init__.py").write_text("__all__ = ['Page', 'Broken']\n")
    (home / "page.py").write_text("import no_such_library\n")
    (home / "broken.py").write_text("import mesa_llm_city.no_such_module\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return home.name


def test_the_extra_that_is_lacking_is_named(package: str) -> None:
    late, _ = lazily(package, {"Page": "page"}, extras={"": "viz"})
    message = r"Page needs no_such_library.*pip install 'mesa-llm-city\[viz\]'"
    with pytest.raises(ConfigError, match=message):
        late("Page")


def test_an_import_that_no_extra_mends_is_an_error_of_its_own(package: str) -> None:
    late, _ = lazily(package, {"Page": "page", "Broken": "broken"}, extras={"Broken": "viz"})
    for name in ("Page", "Broken"):
        with pytest.raises(ModuleNotFoundError):
            late(name)


def test_the_page_and_the_network_name_their_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    from mesa_llm_city import ui

    for name, module, library, extra in (
        ("RMSAgent", "mesa_llm_city.migration.models.rms.agent", "torch", "rms"),
        ("CityPage", "mesa_llm_city.ui.page.page", "solara", "viz"),
    ):
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(ConfigError, match=rf"{name} needs .*mesa-llm-city\[{extra}\]"):
            getattr(migration if extra == "rms" else ui, name)
