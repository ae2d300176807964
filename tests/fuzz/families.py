"""All families of inputs that can be tried on this machine."""

from __future__ import annotations

from importlib.util import find_spec

from tests.fuzz.cities import MAPS, PEOPLE
from tests.fuzz.options import OPTIONS
from tests.fuzz.recordings import RECORDINGS
from tests.fuzz.run_folders import RUN_FOLDERS
from tests.fuzz.surveys import RMS, SURVEYS, TABULAR
from tests.fuzz.trial import Family

_NEEDS = {"tabular": ("sklearn",), "rms": ("torch", "transformers", "peft", "safetensors")}


def families() -> list[Family]:
    """Return the families whose libraries are installed."""
    return [
        one
        for one in (MAPS, PEOPLE, OPTIONS, RECORDINGS, TABULAR, RMS, RUN_FOLDERS, SURVEYS)
        if all(map(find_spec, _NEEDS.get(one.name, ())))
    ]
