"""Texts as vectors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, LLMReplyError, LLMUnavailableError
from mesa_llm_city.llm.embedding import HttpEmbedder, LexicalEmbedder, WordLlamaEmbedder
from tests.llm.asking import HURRIED, http, scripted
from tests.llm.servers import serving


class TestLexicalEmbedder:
    @given(st.lists(st.text(max_size=40), max_size=6))
    def test_vectors_have_length_one_or_zero_and_depend_on_their_text_alone(
        self, texts: list[str]
    ) -> None:
        embedder = LexicalEmbedder(dim=64)
        together = embedder.embed(texts)
        assert together.shape == (len(texts), 64)
        lengths = np.linalg.norm(together, axis=1)
        assert np.all(np.isclose(lengths, 1.0) | (lengths == 0.0))
        for row, text in enumerate(texts):
            assert np.array_equal(embedder.embed([text])[0], together[row])

    def test_alike_wording_is_nearer_than_other_wording(self) -> None:
        vectors = LexicalEmbedder().embed(
            [
                "ate noodles at the shop near the station",
                "eating noodles in a shop by the station",
                "met Keiko, who was worried about her job",
            ]
        )
        assert vectors[0] @ vectors[1] > 0.4
        assert abs(vectors[0] @ vectors[2]) < 0.2

    def test_case_spaces_and_forms_of_letters_do_not_matter(self) -> None:
        plain, other = LexicalEmbedder().embed(["the cafe at 3", "  The  CAFE at\n\uff13 "])
        assert np.array_equal(plain, other)

    def test_it_tells_any_script_apart(self) -> None:
        vectors = LexicalEmbedder().embed(
            ["ラーメンを食べた", "ラーメンを食べました", "電車が遅れた"]
        )
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2

    def test_no_text_is_no_vector(self) -> None:
        assert not LexicalEmbedder().embed(["", "  "]).any()
        assert LexicalEmbedder().embed([]).shape == (0, 1024)

    @pytest.mark.slow
    def test_it_is_the_same_in_another_process(self) -> None:
        program = (
            "from mesa_llm_city.llm.embedding import LexicalEmbedder; "
            "print(LexicalEmbedder(dim=16).embed(['noodle soup']).tolist())"
        )
        told = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        here = LexicalEmbedder(dim=16).embed(["noodle soup"])
        assert np.array_equal(here, np.array(json.loads(told.stdout)))

    def test_it_names_itself_for_the_record(self) -> None:
        assert LexicalEmbedder(dim=512).id == "lexical-512-v1"
        assert LexicalEmbedder(dim=512).dim == 512

    def test_no_dimension_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="dim must be at least 1, got 0"):
            LexicalEmbedder(dim=0)


UNKNOWN = "[UNK]"
VOCABULARY = {UNKNOWN: 0, "sun": 1, "rain": 2, "bus": 3}
VECTORS = np.array([[0, 0, 0], [3, 4, 0], [4, 3, 0], [0, 0, 2]], dtype=np.float16)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Write the two files of four words in three dimensions."""
    tokenizers = pytest.importorskip("tokenizers")
    (tmp_path / "weights").mkdir()
    (tmp_path / "tokenizers").mkdir()
    model = tokenizers.models.WordLevel(VOCABULARY, unk_token=UNKNOWN)
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / WordLlamaEmbedder._TOKENS))
    matrix = {"dtype": "F16", "shape": [4, 3], "data_offsets": [0, 24]}
    header = json.dumps({"__metadata__": {"of": "a test"}, "embedding.weight": matrix}).encode()
    length = len(header).to_bytes(8, "little")
    (tmp_path / WordLlamaEmbedder._WEIGHTS).write_bytes(length + header + VECTORS.tobytes())
    return tmp_path


class TestWordLlamaEmbedder:
    def test_a_text_is_the_mean_of_its_words_scaled_to_length_one(self, words: Path) -> None:
        vectors = WordLlamaEmbedder(words).embed(["sun", "sun rain", "bus bus bus", ""])
        root = np.sqrt(0.5)
        expected = [[0.6, 0.8, 0.0], [root, root, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
        assert np.allclose(vectors, expected)

    def test_it_names_itself_for_the_record(self, words: Path) -> None:
        embedder = WordLlamaEmbedder(words)
        assert (embedder.id, embedder.dim) == ("wordllama-l2-supercat-3", 3)

    def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"there is no .*l2_supercat_256"):
            WordLlamaEmbedder(tmp_path)

    def test_a_missing_package_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mesa_llm_city.llm.embedding.find_spec", lambda _: None)
        with pytest.raises(ConfigError, match="needs wordllama; install it with"):
            WordLlamaEmbedder()


class TestHttpEmbedder:
    def test_vectors_come_in_the_order_of_the_texts_whatever_the_server_sends(self) -> None:
        pytest.importorskip("aiohttp")
        with serving() as server:
            vectors = HttpEmbedder(http(server.base_url), dim=2).embed(["aaa", "xxxxx", "ab"] * 50)
        assert vectors.shape == (150, 2)
        root, fifth = np.sqrt(0.5), np.sqrt(0.2)
        assert np.allclose(vectors[:3], [[root, root], [1.0, 0.0], [2 * fifth, fifth]])
        assert np.array_equal(vectors[:3], vectors[-3:])

    def test_no_texts_need_no_server(self) -> None:
        assert HttpEmbedder(http("http://127.0.0.1:9/v1"), dim=2).embed([]).shape == (0, 2)

    def test_another_length_than_promised_is_an_error(self) -> None:
        pytest.importorskip("aiohttp")
        with (
            serving() as server,
            pytest.raises(LLMReplyError, match=r"\(1, 2\); expected \(1, 3\)"),
        ):
            HttpEmbedder(http(server.base_url), dim=3).embed(["a"])

    def test_a_passing_failure_is_tried_again_and_a_lasting_one_raised(self) -> None:
        pytest.importorskip("aiohttp")
        with serving(fail_first=2) as server:
            embedder = HttpEmbedder(http(server.base_url), dim=2, config=HURRIED)
            assert embedder.embed(["aaa"]).shape == (1, 2)
        with serving(fail_first=99) as server, pytest.raises(LLMUnavailableError, match="503"):
            HttpEmbedder(http(server.base_url), dim=2, config=HURRIED).embed(["aaa"])
        assert server.stats.requests == HURRIED.tries

    def test_another_backend_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="over 'http', got backend 'scripted'"):
            HttpEmbedder(scripted(), dim=2)
