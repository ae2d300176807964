"""Recordings that were cut off, changed by hand or mixed up are refused with the line at fault."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import DataError, RecordingError
from mesa_llm_city.llm import LLM
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.recording import Stored, read_recording, write_recording

SETTINGS = {"models": {"": ["-", True]}}


def answer(sample: str = "7") -> Stored:
    where = Address(sample, 480, "plan")
    request = Request(model="-", messages=(Message("user", "Plan."),), address=where)
    return Stored.of(request, Completion(text="Sleep.", prompt_tokens=9, cost_usd=0.001))


def recording(path: Path, *, head: Any = None, **changes: Any) -> Path:  # noqa: ANN401 - any JSON
    """Write a recording of two answers, the second one with changes."""
    rows = [
        {"version": 1, "settings": SETTINGS} if head is None else head,
        answer("7")._asdict(),
        {**answer("8")._asdict(), **changes},
    ]
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return path


def test_an_answer_may_hold_any_end_of_a_line(tmp_path: Path) -> None:
    text = "one\u2028two\u2029three\x85four\r\nfive"
    known = answer()._replace(text=text)
    write_recording(tmp_path / "a.jsonl.gz", SETTINGS, [known])
    assert read_recording(tmp_path / "a.jsonl.gz") == (SETTINGS, [known])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert write_recording(tmp_path / "deep" / "a.jsonl.gz", SETTINGS, [answer()]) == 1
    assert read_recording(tmp_path / "deep" / "a.jsonl.gz") == (SETTINGS, [answer()])


@pytest.mark.parametrize(
    "changes",
    [
        *({"text": None}, {"text": 7}, {"text": "\ud800"}, {"finish": []}, {"canonical": "{}"}),
        *({"prompt_tokens": "9"}, {"prompt_tokens": -1}, {"prompt_tokens": 10**400}),
        *({"cost_usd": "1"}, {"cost_usd": -1}, {"cost_usd": True}, {"key": "x"}, {"more": 1}),
    ],
)
def test_a_changed_answer_is_refused_with_its_line(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(RecordingError, match=r"a\.jsonl\.gz is no recording .*line 3: "):
        read_recording(recording(tmp_path / "a.jsonl.gz", **changes))


@pytest.mark.parametrize(
    "head", [[], 7, {}, {"version": 1}, {"version": 1, "settings": []}, {"version": "1"}]
)
def test_a_changed_head_is_refused(tmp_path: Path, head: object) -> None:
    with pytest.raises(RecordingError, match=r"a\.jsonl\.gz is no recording .*\(line 1: "):
        read_recording(recording(tmp_path / "a.jsonl.gz", head=head))


@pytest.mark.parametrize("models", [[], {}, {"": "-"}, {"": ["-"]}, {"": ["-", "odd"]}, None])
def test_a_recording_that_names_no_models_is_refused(tmp_path: Path, models: object) -> None:
    head = {"version": 1, "settings": {"models": models}}
    with pytest.raises(RecordingError, match="does not say which models"):
        LLM.replay(recording(tmp_path / "a.jsonl.gz", head=head))


def test_a_damaged_packing_is_refused(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.jsonl.gz")
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for data in (b"", whole[:40], bytes(flipped), gzip.compress(b"[" * 100_000), b"{}"):
        path.write_bytes(data)
        with pytest.raises(RecordingError, match="is no recording of answers"):
            read_recording(path)


def test_a_recording_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DataError, match=r"a\.jsonl\.gz cannot be written"):
        write_recording(tmp_path / "file" / "a.jsonl.gz", SETTINGS, [answer()])
    assert (tmp_path / "file").read_text() == "mine"
