"""A backend that answers by a function, and renders every question as a model would read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.prompts import PromptLibrary, Rendered

__all__ = ["Scripted"]

Script = Callable[[Question], Mapping[str, Any] | CityError]


class Scripted:
    """Answers with what `script` makes of a question: the fields of the reply, or an error."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.library = PromptLibrary()
        self.asked: list[Question] = []
        self.worded: list[Rendered] = []

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        return [self._answer(one) for one in questions]

    def _answer(self, question: Question) -> BaseModel | CityError:
        self.asked.append(question)
        self.worded.append(self.library.render(question))
        answer = self.script(question)
        return answer if isinstance(answer, CityError) else question.reply(**answer)
