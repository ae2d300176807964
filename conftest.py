"""Which files pytest looks into: where a library is absent, those that need it are left out."""

from __future__ import annotations

from importlib.util import find_spec

NETWORK = ("torch", "transformers", "peft", "safetensors")
"""Libraries of the extra ``rms``, which the second line of the tests does without."""

collect_ignore_glob = [] if all(map(find_spec, NETWORK)) else ["*/rms/*.py"]
