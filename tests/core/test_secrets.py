"""Keys and passwords are hidden, wherever they turn up; ordinary words stay."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.core.secrets import redact, redact_values, remember_secret


@pytest.mark.parametrize("name", ["MY_API_KEY", "HF_TOKEN", "CLIENT_SECRET", "my_password"])
def test_the_value_of_a_variable_with_a_telling_name_is_hidden(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "quite/ordinary+words\n")
    assert redact("sent quite/ordinary+words to") == "sent *** to"
    assert redact("GET /v1?x=quite%2Fordinary%2Bwords") == "GET /v1?x=***"
    assert redact("quite/ordinary+words-2 is longer") == "*** is longer"


def test_a_key_that_is_in_use_is_hidden_as_it_is_written_in_messages() -> None:
    remember_secret("four score\nseven")
    assert redact(repr("header four score\nseven")) == repr("header ***")


@pytest.mark.parametrize("word", ["EMPTY", "ollama", "abc", ""])
def test_words_that_local_servers_take_for_a_key_are_no_secrets(word: str) -> None:
    remember_secret(word)
    assert redact(f"model {word}/llama3") == f"model {word}/llama3"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer ***"),
        ("authorization: bearer abc123456", "authorization: bearer ***"),
        ("{'Authorization': 'Basic dXNlcjpwYXNz'}", "{'Authorization': 'Basic ***'}"),
        ("https://me:word@models.example/v1", "https://***@models.example/v1"),
        ("http://h/v1?page=2&api_key=a&key=b#c", "http://h/v1?page=2&api_key=***&key=***#c"),
        ('{"api_key": "abcdefghijk", "n": 1}', '{"api_key": "***", "n": 1}'),
        ("client_secret=abcdefghijk", "client_secret=***"),
        ("provided: sk-ant-api03-abc_DEF-123", "provided: ***"),
        ("Incorrect API key provided: abcd****wxyz.", "Incorrect API key provided: ***"),
        ("AIzaSyA1234567890abcdefg, gsk_0123456789ab, hf_abcdefghij1", "***, ***, ***"),
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "max_tokens=160; prompt_tokens: 1234567890",
        "a man with basic education, the bearer of news",
        "the key: gardening; the secret: patience",
        "export OPENAI_API_KEY=... and try again",
        "risk-averse, ask-anything, task_manager2000",
        "see https://example.org/a@b?page=2",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_letters_that_count_as_others_do_not_show_a_secret() -> None:
    # The long s counts as an s, and the sign of kelvin as a k.
    assert redact("client_\u017fecret=abcdefghijk") == "client_\u017fecret=***"
    assert redact("api_\u212aey: abcdefghijk") == "api_\u212aey: ***"


def test_fields_with_telling_names_are_hidden_in_values() -> None:
    given = {"api_base": "http://h/v1?key=abc", "Authorization": "x", "more": [{"n": 1}, None]}
    shown = {"api_base": "http://h/v1?key=***", "Authorization": "***", "more": [{"n": 1}, None]}
    assert redact_values(given) == shown


def test_no_error_of_the_package_shows_a_key() -> None:
    assert str(CityError("no answer to sk-proj-0123456789", person=3)) == (
        "no answer to *** (person 3)"
    )
    assert "0123456789" not in str(DataError.listing("a.csv", ["row 1: sk-proj-0123456789"]))
