"""Which files pytest looks into: where a library is absent, those that need it are left out."""

from __future__ import annotations

from importlib.util import find_spec

NETWORK = ("torch", "transformers", "peft", "safetensors")
"""Libraries of the extra ``rms``, which the second line of the tests does without."""

collect_ignore_glob = [] if all(map(find_spec, NETWORK)) else ["*/rms/*.py"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: archives hold the time, so their text differs by process."""
    return argname if isinstance(val, bytes) else None
