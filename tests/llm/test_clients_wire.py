"""The chat interface of OpenAI, as JSON."""

from __future__ import annotations

import json

from mesa_llm_city.llm.base import Message
from mesa_llm_city.llm.clients.wire import body_of
from tests.llm.asking import asked


class TestBody:
    def test_it_holds_the_prompt_the_parameters_and_the_bare_name_of_the_model(self) -> None:
        assert json.loads(body_of(asked(3), {"temperature": 0.2, "max_tokens": 9})) == {
            "model": "loopback",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Question 3?"},
            ],
            "temperature": 0.2,
            "max_tokens": 9,
        }

    def test_the_address_of_a_draw_is_not_sent(self) -> None:
        assert b"test" not in body_of(asked(), {})

    def test_half_signs_in_a_prompt_do_not_stop_it(self) -> None:
        request = asked(messages=(Message("user", "caf\u00e9 \ud83c"),))
        assert json.loads(body_of(request, {}))["messages"][0]["content"] == "café ?"
        assert request.key() == asked(messages=(Message("user", "caf\u00e9 ?"),)).key()
