"""Messages on their way to rows, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int

__all__ = ["NOT_LEAVING", "NO_SENDER", "Deliveries"]

NO_SENDER = -1
"""Sender of a message that comes from its source itself."""
NOT_LEAVING = -1
"""When a sender leaves for safety who does not."""


@dataclass(frozen=True, slots=True, eq=False)
class Deliveries:
    """k messages on their way, in the order in which they were said; each column has shape (k,).

    Parameters
    ----------
    row : ndarray of int64
        Who is to hear each.
    at : ndarray of int64
        From which minute on.
    message : ndarray of int32
        Position of the message in `CrowdNews.messages`.
    sender : ndarray of int64
        Id of the person who passes it on, or `NO_SENDER`.
    channel : ndarray of int8
        Position of the channel in `CrowdNews.channels`.
    said : ndarray of int64
        When it was said, or passed on.
    passed : ndarray of int16
        How often it has been passed on.
    leaves : ndarray of int64
        When the sender leaves for safety, or `NOT_LEAVING`.
    """

    row: Int
    at: Int
    message: NDArray[np.integer]
    sender: Int
    channel: NDArray[np.integer]
    said: Int
    passed: NDArray[np.integer]
    leaves: Int

    @classmethod
    def none(cls) -> Self:
        """Return no messages."""
        return cls(**{one.name: np.empty(0, dtype=np.int64) for one in fields(cls)}).packed()

    @classmethod
    def told(cls, rows: Int, at: Int, *, message: int, channel: int, said: int) -> Self:
        """Return one message from its source to many rows."""

        def each(value: int) -> Int:
            return np.full(len(rows), value, dtype=np.int64)

        return cls(
            row=rows,
            at=at,
            message=each(message).astype(np.int32),
            sender=each(NO_SENDER),
            channel=each(channel).astype(np.int8),
            said=each(said),
            passed=each(0).astype(np.int16),
            leaves=each(NOT_LEAVING),
        )

    def __len__(self) -> int:
        """Return the number of messages."""
        return len(self.row)

    def packed(self) -> Self:
        """Return the same with small columns where numbers are small."""
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        small = {"message": np.int32, "channel": np.int8, "passed": np.int16}
        return type(self)(
            **{name: one.astype(small.get(name, np.int64)) for name, one in columns.items()}
        )

    def take(self, part: Int | Bool) -> Self:
        """Return some of the messages."""
        return type(self)(*(getattr(self, one.name)[part] for one in fields(self)))

    def followed_by(self, other: Deliveries) -> Self:
        """Return these messages and then others."""
        return type(self)(
            *(
                np.concatenate([getattr(self, one.name), getattr(other, one.name)])
                for one in fields(self)
            )
        )

    def columns(self) -> dict[str, NDArray[np.integer]]:
        """Return the columns by name, for a save."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
