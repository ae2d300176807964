"""The public surface: `__all__` and reality agree, and everything public is documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest

import mesa_llm_city
from mesa_llm_city.core.errors import ConfigError

# Absent where the extra that brings them is not installed.
OPTIONAL = frozenset(
    {"aiohttp", "anywidget", "joblib", "litellm", "mesa_geo", "peft", "safetensors"}
    | {"sklearn", "solara", "torch", "transformers", "xllamacpp"}
)
NAMES = ["mesa_llm_city"] + [
    found.name for found in pkgutil.walk_packages(mesa_llm_city.__path__, "mesa_llm_city.")
]


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Return every module of the package whose libraries are installed."""
    loaded = tuple(filter(None, map(_load, NAMES)))
    assert len(loaded) > len(NAMES) / 2
    return loaded


def _load(name: str) -> ModuleType | None:
    """Import a module; return None if it needs an optional library that is absent."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in OPTIONAL:
            raise
        return None


def _found(module: ModuleType, public: str) -> object:
    """Return what a public name stands for, None if it needs an optional library that is absent."""
    try:
        return getattr(module, public)
    except (ConfigError, ModuleNotFoundError) as error:
        missing = error.__cause__ if isinstance(error, ConfigError) else error
        if not isinstance(missing, ModuleNotFoundError) or missing.name not in OPTIONAL:
            raise
        return None


def _told(wrong: list[str]) -> str:
    """Return a message with all that is wrong, which pytest would cut short."""
    return "\n".join(["", *wrong])


def _is_package(module: ModuleType) -> bool:
    return hasattr(module, "__path__")


def _at_home(module: ModuleType, value: object) -> bool:
    """Tell whether a value is defined in the module, or, for a package, below it."""
    home = str(getattr(value, "__module__", ""))
    return home == module.__name__ or (
        _is_package(module) and home.startswith(f"{module.__name__}.")
    )


def _is_code(value: object) -> bool:
    return inspect.isclass(value) or inspect.isfunction(value)


def _names(module: ModuleType) -> list[str]:
    return list(getattr(module, "__all__", ()))


def _rank(name: str) -> tuple[int, str]:
    """Order constants before classes before functions, each by the alphabet."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _public(module: ModuleType) -> Iterator[str]:
    """Yield the names without an underscore of classes and functions that are at home here."""
    for name, value in vars(module).items():
        if not name.startswith("_") and _is_code(value) and _at_home(module, value):
            yield name


def _undocumented(module: ModuleType) -> Iterator[str]:
    for name in _names(module):
        value = _found(module, name)
        if _is_code(value) and not (value.__doc__ or "").strip():
            yield name


def _is_there(module: ModuleType, name: str) -> bool:
    try:
        _found(module, name)
    except AttributeError:
        return False
    return True


def test_every_module_lists_its_public_names() -> None:
    wrong = [module.__name__ for module in _modules() if not hasattr(module, "__all__")]
    assert not wrong, _told(wrong)


def test_every_name_in_all_exists() -> None:
    wrong = [
        f"{module.__name__}.{name}"
        for module in _modules()
        for name in _names(module)
        if not _is_there(module, name)
    ]
    assert not wrong, _told(wrong)


def test_every_list_of_names_is_sorted_and_names_nothing_twice() -> None:
    wrong = [
        module.__name__
        for module in _modules()
        if _names(module) != sorted(set(_names(module)), key=_rank)
    ]
    assert not wrong, f"constants, classes, functions, each by the alphabet: {_told(wrong)}"


def test_no_public_class_or_function_is_missing_from_all() -> None:
    wrong = [
        f"{module.__name__}.{name}"
        for module in _modules()
        for name in sorted(set(_public(module)) - set(_names(module)))
    ]
    assert not wrong, _told(wrong)


def test_everything_public_is_documented() -> None:
    silent = [module.__name__ for module in _modules() if not module.__doc__]
    names = [f"{one.__name__}.{name}" for one in _modules() for name in _undocumented(one)]
    assert not silent + names, _told(silent + names)


def test_a_package_says_what_it_is_in_one_line() -> None:
    wrong = [
        module.__name__
        for module in _modules()
        if _is_package(module) and not (module.__doc__ or "").split("\n")[0].endswith(".")
    ]
    assert not wrong, _told(wrong)


class TestTopLevel:
    def test_it_lists_its_names_before_they_are_imported(self) -> None:
        assert set(mesa_llm_city.__all__) <= set(dir(mesa_llm_city))

    def test_its_names_are_those_of_the_packages_below(self) -> None:
        for name in mesa_llm_city.__all__:
            value = getattr(mesa_llm_city, name)
            home = importlib.import_module(value.__module__)
            assert getattr(home, name) is value

    def test_an_unknown_name_is_an_attribute_error_that_lists_the_known_ones(self) -> None:
        with pytest.raises(AttributeError, match=r"no attribute 'Town'; it has .*CityModel"):
            mesa_llm_city.Town  # noqa: B018 - the look-up is what is tested
