"""Words as numbers: the few words of a column, kept once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Codes"]


class Codes:
    """Words in the order in which they came up; the code of a word is its place.

    Parameters
    ----------
    words : iterable of str, default ()
        The first words.

    Examples
    --------
    >>> topics = Codes(["health"])
    >>> topics.codes(["transport", "health"]).tolist(), list(topics)
    ([1, 0], ['health', 'transport'])
    """

    __slots__ = ("_codes", "_words")

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: list[str] = []
        self._codes: dict[str, int] = {}
        for word in words:
            self.code(word)

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._words)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the words."""
        return iter(list(self._words))

    def __getitem__(self, code: int) -> str:
        """Return the word of a code."""
        return self._words[code]

    def __contains__(self, word: object) -> bool:
        """Tell whether a word is known."""
        return word in self._codes

    def code(self, word: str) -> int:
        """Return the code of a word; a new one gets the next."""
        if word not in self._codes:
            self._codes[word] = len(self._words)
            self._words.append(word)
        return self._codes[word]

    def codes(self, words: Any) -> NDArray[np.int32]:  # noqa: ANN401 - words or codes
        """Return the codes of a word or of many, of the same shape; codes stay as they are."""
        if isinstance(words, str):
            return np.asarray(self.code(words), dtype=np.int32)
        given = np.asarray(words)
        if given.dtype.kind in "iu":
            return given.astype(np.int32)
        coded = [self.code(str(word)) for word in given.ravel().tolist()]
        return np.asarray(coded, dtype=np.int32).reshape(given.shape)
