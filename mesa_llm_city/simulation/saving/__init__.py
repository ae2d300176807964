"""Models are kept: in memory (`snapshot`), and in a folder that outlasts the process."""

from __future__ import annotations

from mesa_llm_city.simulation.saving.folder import read_head
from mesa_llm_city.simulation.saving.snapshot import Snapshot, restored, snapshot

__all__ = ["Snapshot", "read_head", "restored", "snapshot"]
