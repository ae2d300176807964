"""The library of prompts: those of the package, and your own in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.prompts.check import defects_of
from mesa_llm_city.prompts.hint import reply_hint
from mesa_llm_city.prompts.prompt import Prompt, parse_prompt
from mesa_llm_city.prompts.rendering import PromptTemplate, Rendered

__all__ = ["PromptLibrary"]

_OWN = Path(__file__).parent
_GENERIC = "generic"


class PromptLibrary:
    """Turns questions into messages.

    The prompt has the name of the purpose of the question; without such a prompt, ``generic``
    lists the facts.

    Parameters
    ----------
    folders : iterable of path, optional
        Folders with prompts that come before those of the package; the first
        that has one of a name wins.

    Raises
    ------
    ConfigError
        If a folder does not exist.
    DataError
        If a file is no proper prompt; everything that is wrong is listed.

    Examples
    --------
    >>> library = PromptLibrary()
    >>> sorted(library)[:4]
    ['appraise', 'believe', 'consider', 'consolidate']
    >>> library["mode"].label
    'mode@2'
    """

    def __init__(self, folders: Iterable[str | PathLike[str]] = ()) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self._packaged = _read(_OWN)
        self._prompts = dict(self._packaged)
        for folder in reversed(self.folders):
            self._prompts.update(_read(folder))
        self._templates: dict[str, tuple[PromptTemplate | None, PromptTemplate]] = {}

    def __reduce__(self) -> tuple[type[PromptLibrary], tuple[tuple[Path, ...]]]:
        """Pickle by folders, since compiled templates cannot travel."""
        return (type(self), (self.folders,))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in order."""
        return iter(sorted(self._prompts))

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a prompt of that name."""
        return name in self._prompts

    def __getitem__(self, name: str) -> Prompt:
        """Return a prompt by name.

        Raises
        ------
        ConfigError
            If there is none.
        """
        if name not in self._prompts:
            message = f"there is no prompt {name!r}; the prompts are {', '.join(self)}"
            raise ConfigError(message)
        return self._prompts[name]

    def render(self, question: Question) -> Rendered:
        """Render a question.

        Raises
        ------
        ConfigError
            If a fact is missing or cannot be written, or the reply has other fields
            than the prompt speaks of.
        """
        prompt = self._prompts.get(question.purpose) or self._prompts[_GENERIC]
        _check_reply(prompt, question)
        return self._render(prompt, _facts_used(prompt, question), reply_hint(question.reply))

    def example(self, name: str) -> Rendered:
        """Render the question that the header of a prompt gives as an example."""
        prompt = self[name]
        form = ", ".join(f'"{field}": ...' for field in prompt.reply)
        return self._render(
            prompt, prompt.inputs, f"Answer with one JSON object: {{{form or '...'}}}"
        )

    def check(self) -> None:
        """Check every prompt with unusual facts: empty, very long, hostile, in any script.

        Raises
        ------
        DataError
            Lists what is wrong with which prompt.
        """
        found = [
            f"{self[name].source}: {defect}"
            for name in self
            for defect in self._defects(self[name])
        ]
        if found:
            source = "the library of prompts"
            raise DataError.listing(source, found)

    def _defects(self, prompt: Prompt) -> list[str]:
        asked = self._packaged.get(prompt.name, prompt)
        found = [
            f"{name} is no fact of {prompt.name!r}; they are {', '.join(asked.inputs)}"
            for name in prompt.inputs
            if name not in asked.inputs
        ]
        if prompt.reply != asked.reply:
            found.append(f"the reply to {prompt.name!r} has the fields {', '.join(asked.reply)}")
        return found + defects_of(prompt, lambda facts: self._render(prompt, facts, ""))

    def _render(self, prompt: Prompt, facts: Mapping[str, Any], hint: str) -> Rendered:
        city, person = self._compiled(prompt)
        shared = [prompt.sections["rules"], hint, "" if city is None else city.fill(facts)]
        return Rendered(
            (("system", "\n\n".join(filter(None, shared))), ("user", person.fill(facts))),
            prompt.name,
            prompt.version,
            prompt.digest,
            prompt.temperature,
            prompt.max_tokens,
        )

    def _compiled(self, prompt: Prompt) -> tuple[PromptTemplate | None, PromptTemplate]:
        if prompt.name not in self._templates:
            sections = {**prompt.sections}
            sections.pop("rules")
            city = sections.pop("city", None)
            self._templates[prompt.name] = (
                None if city is None else PromptTemplate(city, prompt.source),
                PromptTemplate("\n\n".join(sections.values()), prompt.source),
            )
        return self._templates[prompt.name]


def _read(folder: Path) -> dict[str, Prompt]:
    if not folder.is_dir():
        message = f"{folder} is no folder; give one that holds prompts as NAME.md"
        raise ConfigError(message)
    prompts = {}
    for path in sorted(folder.glob("*.md")):
        prompt = parse_prompt(path.read_text(encoding="utf-8"), source=str(path))
        if prompt.name != path.stem:
            defect = f"header: the name is {prompt.name!r}, but the file is {path.name}"
            raise DataError.listing(str(path), [defect])
        prompts[prompt.name] = prompt
    return prompts


def _facts_used(prompt: Prompt, question: Question) -> Mapping[str, object]:
    if prompt.name == _GENERIC:
        return {"purpose": question.purpose, "facts": question.facts}
    missing = [name for name in prompt.inputs if name not in question.facts]
    if missing:
        message = (
            f"the prompt {prompt.label} tells {', '.join(missing)}, but the question "
            f"has only {', '.join(question.facts) or 'no facts'}"
        )
        raise ConfigError(message, purpose=question.purpose)
    return question.facts


def _check_reply(prompt: Prompt, question: Question) -> None:
    fields = question.reply.model_fields
    if prompt.reply and set(prompt.reply) != set(fields):
        message = (
            f"the prompt {prompt.label} asks for {', '.join(prompt.reply)}, but the reply "
            f"{question.reply.__name__} has {', '.join(fields)}"
        )
        raise ConfigError(message, purpose=question.purpose)
