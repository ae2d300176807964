"""The public surface: `__all__` and reality agree, and everything public is documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import mesa_llm_city

# Absent where the extra that brings them is not installed.
OPTIONAL = frozenset(
    {"aiohttp", "anywidget", "joblib", "litellm", "peft", "safetensors"}
    | {"sklearn", "solara", "torch", "transformers", "xllamacpp"}
)
NAMES = ["mesa_llm_city"] + [
    found.name for found in pkgutil.walk_packages(mesa_llm_city.__path__, "mesa_llm_city.")
]


def _load(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in OPTIONAL:
            raise
        return pytest.skip(f"needs {missing.name}")


def _found(module: ModuleType, public: str) -> object:
    """Return what a public name stands for, None if it needs a library that is absent."""
    try:
        return getattr(module, public)
    except ModuleNotFoundError as missing:
        if missing.name not in OPTIONAL:
            raise
        return None


def _is_package(module: ModuleType) -> bool:
    return hasattr(module, "__path__")


def _at_home(module: ModuleType, value: object) -> bool:
    """Tell whether a value is defined in the module, or, for a package, below it."""
    home = str(getattr(value, "__module__", ""))
    return home == module.__name__ or (
        _is_package(module) and home.startswith(f"{module.__name__}.")
    )


def _rank(name: str) -> tuple[int, str]:
    """Order constants before classes before functions, each by the alphabet."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_all_exists_and_the_list_is_sorted(name: str) -> None:
    module = _load(name)
    for public in module.__all__:
        _found(module, public)
    assert list(module.__all__) == sorted(set(module.__all__), key=_rank)


@pytest.mark.parametrize("name", NAMES)
def test_no_public_class_or_function_is_missing_from_all(name: str) -> None:
    module = _load(name)
    public = [
        own
        for own, value in vars(module).items()
        if not own.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and _at_home(module, value)
    ]
    assert sorted(set(public) - set(module.__all__)) == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_public_is_documented(name: str) -> None:
    module = _load(name)
    assert module.__doc__
    undocumented = [
        public
        for public in module.__all__
        if (inspect.isclass(value := _found(module, public)) or inspect.isfunction(value))
        and not (value.__doc__ or "").strip()
    ]
    assert undocumented == []


@pytest.mark.parametrize("name", NAMES)
def test_a_package_says_what_it_is_in_one_line(name: str) -> None:
    module = _load(name)
    if _is_package(module):
        assert (module.__doc__ or "").split("\n")[0].endswith(".")


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
