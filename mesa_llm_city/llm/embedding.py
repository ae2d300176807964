"""Texts as vectors, to find those that are similar in meaning or in spelling.

The embedder is always named, never guessed from what is installed. Its `id` and `dim` belong into
the record of a run, since vectors of two embedders cannot be compared.

* `LexicalEmbedder` compares spelling: no model, no download, the same on every machine.
* `WordLlamaEmbedder` compares meaning, by averaged word vectors that a package brings along.
* `HttpEmbedder` asks a provider or a local server.
"""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.clients.wire import wire_model
from mesa_llm_city.llm.loop import shared_loop
from mesa_llm_city.llm.retry import EngineConfig, backoff_s

if TYPE_CHECKING:
    from mesa_llm_city.llm.clients.http import HttpClient

__all__ = ["Embedder", "HttpEmbedder", "LexicalEmbedder", "WordLlamaEmbedder"]

_GRAM_LENGTHS = (3, 4, 5)
# The prime of FNV-1a and the finalizer of MurmurHash3, both of 64 bits.
_FNV_PRIME = np.uint64(0x100000001B3)
_MURMUR = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(33)
_SIGN = np.uint64(63)
_BATCH = 64


class Embedder(Protocol):
    """Turns texts into vectors of length 1; the angle between two tells how alike they are."""

    @property
    def id(self) -> str:
        """Name and version, for the record of a run."""
        ...

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        ...

    def embed(self, texts: Sequence[str]) -> Float:
        """Return one vector per text, shape (n, dim); zeros for a text without content."""
        ...


class LexicalEmbedder:
    """Counts of three to five letters in a row, hashed into a fixed number of dimensions.

    Texts are alike if they share words or parts of words; paraphrases are not found. The vector
    of a text depends on the text alone, so it may be kept.

    Parameters
    ----------
    dim : int, default 1024
        Number of dimensions.

    Raises
    ------
    ConfigError
        If `dim` is below 1.

    References
    ----------
    .. [1] Weinberger, Dasgupta, Langford, Smola and Attenberg (2009), Feature hashing for
       large scale multitask learning. ICML '09. https://doi.org/10.1145/1553374.1553516

    Examples
    --------
    >>> soup, noodles, train = LexicalEmbedder().embed(
    ...     ["noodle soup for lunch", "lunch: noodles", "the train was late"]
    ... )
    >>> bool(soup @ noodles > soup @ train)
    True
    """

    def __init__(self, dim: int = 1024) -> None:
        if dim < 1:
            message = f"dim must be at least 1, got {dim}; use 512 to 4096"
            raise ConfigError(message)
        self.dim = dim
        self.id = f"lexical-{dim}-v1"

    def embed(self, texts: Sequence[str]) -> Float:
        """Return one vector per text, shape (n, dim) (see `Embedder.embed`)."""
        letters = [_letters(text) for text in texts]
        row = np.repeat(np.arange(len(letters)), [len(text) for text in letters])
        code = np.concatenate([*letters, np.zeros(0, dtype=np.uint64)])
        counts = np.zeros(len(letters) * self.dim)
        for length in _GRAM_LENGTHS:
            start, gram = _grams(code, row, length)
            bucket = start * self.dim + (gram % np.uint64(self.dim)).astype(np.int64)
            # Signs by a bit of their own let collisions cancel on average (reference 1).
            sign = np.where(gram >> _SIGN, -1.0, 1.0)
            counts += np.bincount(bucket, weights=sign, minlength=counts.size)
        return _unit(counts.reshape(len(letters), self.dim))


def _letters(text: str) -> NDArray[np.uint64]:
    """Return the code points of a text, folded, with one space around each word."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(folded.split())
    points = f" {words} ".encode("utf-32-le", errors="replace") if words else b""
    return np.frombuffer(points, dtype=np.uint32).astype(np.uint64)


def _grams(code: NDArray[np.uint64], row: Int, length: int) -> tuple[Int, NDArray[np.uint64]]:
    """Return the row and the hash of every run of letters that lies within one text."""
    count = max(len(code) - length + 1, 0)
    gram = np.full(count, length, dtype=np.uint64)
    for offset in range(length):
        gram = (gram * _FNV_PRIME) ^ code[offset : offset + count]
    gram = (gram ^ (gram >> _HALF)) * _MURMUR
    gram ^= gram >> _HALF
    inside = row[:count] == row[length - 1 : length - 1 + count]
    return row[:count][inside], gram[inside]


def _unit(vectors: Float) -> Float:
    """Scale rows to length 1; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length > 0.0, length, 1.0)


class WordLlamaEmbedder:
    """The mean of the word vectors of a text, from the files of the package ``wordllama``.

    Parameters
    ----------
    folder : Path, optional
        Where ``weights/`` and ``tokenizers/`` lie; by default the installed package, of
        which only these two files are read.

    Raises
    ------
    ConfigError
        If a package or a file is missing.

    References
    ----------
    .. [1] Miller (2024), WordLlama: recycled token embeddings from large language models.
       https://github.com/dleemiller/wordllama
    """

    _WEIGHTS = "weights/l2_supercat_256.safetensors"
    _TOKENS = "tokenizers/l2_supercat_tokenizer_config.json"

    def __init__(self, folder: Path | None = None) -> None:
        home = folder or _package_folder("wordllama")
        for file in (home / self._WEIGHTS, home / self._TOKENS):
            if not file.is_file():
                message = f"there is no {file}; install mesa-llm-city[embed], or use 'lexical'"
                raise ConfigError(message)
        self._vectors = _read_matrix(home / self._WEIGHTS)
        self._tokenizer = _tokenizer(home / self._TOKENS)
        self.dim = int(self._vectors.shape[1])
        self.id = f"wordllama-l2-supercat-{self.dim}"

    def embed(self, texts: Sequence[str]) -> Float:
        """Return one vector per text, shape (n, dim) (see `Embedder.embed`)."""
        coded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        vectors = np.zeros((len(texts), self.dim))
        for row, tokens in enumerate(coded):
            if tokens.ids:
                vectors[row] = self._vectors[tokens.ids].mean(axis=0, dtype=np.float64)
        return _unit(vectors)


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        message = f"this embedder needs {name}; install it with: pip install {name}, or use another"
        raise ConfigError(message)
    return Path(spec.submodule_search_locations[0])


def _read_matrix(file: Path) -> NDArray[np.float16]:
    """Map the one matrix of a safetensors file: length of the header, header, numbers."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    (matrix,) = (value for name, value in header.items() if name != "__metadata__")
    start = 8 + length + int(matrix["data_offsets"][0])
    return np.memmap(file, np.float16, mode="r", offset=start, shape=tuple(matrix["shape"]))


def _tokenizer(file: Path) -> Any:  # noqa: ANN401 - a class of tokenizers
    if find_spec("tokenizers") is None:
        message = (
            "this embedder needs tokenizers; install it with: pip install 'mesa-llm-city[embed]'"
        )
        raise ConfigError(message)
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class HttpEmbedder:
    """Vectors from any server with the embeddings interface of OpenAI.

    Parameters
    ----------
    spec : ClientSpec
        Model, address and name of the key's variable; its backend is ``"http"``.
    dim : int
        Number of dimensions that the model has.
    config : EngineConfig, optional
        How many batches of 64 texts at once, how long, how often.

    Raises
    ------
    ConfigError
        If the backend is another.

    Examples
    --------
    >>> spec = ClientSpec(backend="http", model="tiny", api_base="http://127.0.0.1:8000/v1")
    >>> HttpEmbedder(spec, dim=384).id
    'tiny-384'
    """

    def __init__(self, spec: ClientSpec, *, dim: int, config: EngineConfig | None = None) -> None:
        if spec.backend != "http":
            message = f"vectors are asked for over 'http', got backend {spec.backend!r}"
            raise ConfigError(message)
        self.spec = spec
        self.dim = dim
        self.id = f"{wire_model(spec.model)}-{dim}"
        self._config = config or EngineConfig(in_flight=4)

    def embed(self, texts: Sequence[str]) -> Float:
        """Return one vector per text, shape (n, dim) (see `Embedder.embed`).

        Raises
        ------
        LLMError
            If the server does not answer, or with vectors of another length.
        """
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        parts = shared_loop().run(self._ask_all(batches)) if batches else []
        return _unit(np.concatenate([*parts, np.zeros((0, self.dim))]))

    async def _ask_all(self, batches: Sequence[Sequence[str]]) -> list[Float]:
        from mesa_llm_city.llm.clients.http import HttpClient

        client, free = HttpClient(self.spec), asyncio.Semaphore(self._config.in_flight)
        try:
            asked = (self._ask(client, free, *numbered) for numbered in enumerate(batches))
            return await asyncio.gather(*asked)
        finally:
            await client.close()

    async def _ask(
        self, client: HttpClient, free: asyncio.Semaphore, ticket: int, texts: Sequence[str]
    ) -> Float:
        """Ask for the vectors of one batch until they come."""
        asked = {"model": wire_model(self.spec.model), "input": list(texts)}
        body, tries = json.dumps(asked).encode(), 0
        while True:
            tries += 1
            try:
                async with free:
                    reply = await client.post("/embeddings", body, timeout_s=self._config.timeout_s)
                return self._rows(reply, len(texts))
            except LLMUnavailableError as error:
                if error.fatal or tries == self._config.tries:
                    raise
                wait_s = backoff_s(self._config, ticket, tries)
                await asyncio.sleep(max(error.retry_after_s or 0.0, wait_s))

    def _rows(self, reply: Any, count: int) -> Float:  # noqa: ANN401 - any JSON
        """Read the vectors of a response, in the order of the texts."""
        try:
            rows = sorted(reply["data"], key=lambda item: item["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            message = f"the server sent no vectors: {type(error).__name__} {error}"
            raise LLMReplyError(message) from None
        if vectors.shape != (count, self.dim):
            message = (
                f"the server sent vectors of shape {vectors.shape}; expected "
                f"{(count, self.dim)}: give the dim of {self.spec.model}"
            )
            raise LLMReplyError(message)
        return vectors
