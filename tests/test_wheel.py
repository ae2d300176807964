"""The wheel: it carries the data files and the models, and runs without a clone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import mesa_llm_city

ROOT = Path(mesa_llm_city.__file__).parents[1]
MODELS = sorted(path.parent.name for path in (ROOT / "models").glob("*/model.py"))

# A class travels to another process by name, so the process must find its module.
SPAWN = """
import sys
from importlib import import_module
from multiprocessing import get_context
import mesa

def own_model(module):
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type)]
    models = [kind for kind in kinds if issubclass(kind, mesa.Model)]
    return next(kind for kind in models if kind.__module__ == module.__name__)

if __name__ == "__main__":
    with get_context("spawn").Pool(1) as pool:
        for name in sys.argv[1:]:
            module = import_module(f"mesa_llm_city.models.{name}.model")
            assert pool.apply(getattr, [own_model(module), "__module__"]) == module.__name__
            print(module.__file__)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the wheel has been built and unpacked."""
    built, unpacked = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", built],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"mesa_llm_city-{mesa_llm_city.__version__}-py3-none-any.whl"
    with ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def _spawn(folder: Path) -> list[Path]:
    """Use all models in a process spawned from `folder`; return the files they came from."""
    told = subprocess.run(
        [sys.executable, "-c", SPAWN, *MODELS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in told.stdout.splitlines()]


def test_every_source_and_data_file_of_the_package_is_in_it(installed: Path) -> None:
    sources = [
        path.relative_to(ROOT)
        for path in sorted((ROOT / "mesa_llm_city").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [str(path) for path in sources if not (installed / path).is_file()] == []
    assert Path("mesa_llm_city/py.typed") in sources
    assert Path("mesa_llm_city/city/categories.csv") in sources


def test_every_model_is_in_it_with_its_description(installed: Path) -> None:
    inside = installed / "mesa_llm_city" / "models"
    assert MODELS
    assert [name for name in MODELS if not (inside / name / "model.py").is_file()] == []
    assert [name for name in MODELS if not (inside / name / "README.md").is_file()] == []


def test_it_carries_nothing_else(installed: Path) -> None:
    facts = f"mesa_llm_city-{mesa_llm_city.__version__}.dist-info"
    assert sorted(path.name for path in installed.iterdir()) == ["mesa_llm_city", facts]
    assert (installed / facts / "licenses" / "LICENSE").is_file()


def test_installed_models_run_in_spawned_processes(installed: Path) -> None:
    inside = installed / "mesa_llm_city" / "models"
    assert _spawn(installed) == [inside / name / "model.py" for name in MODELS]


def test_the_models_of_a_clone_run_in_spawned_processes() -> None:
    assert _spawn(ROOT) == [ROOT / "models" / name / "model.py" for name in MODELS]
