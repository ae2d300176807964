"""A questionnaire: questions in their order, in Python or from a TOML file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.text_files import read_text
from mesa_llm_city.simulation.surveys.question import SurveyQuestion
from mesa_llm_city.simulation.surveys.questionnaire_file import parse_questionnaire

__all__ = ["Questionnaire"]

_SHIPPED = Path(__file__).parent / "questionnaires"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Questions that are asked together.

    Parameters
    ----------
    name : str
        Its name; also that of the survey.
    questions : tuple of SurveyQuestion
        The questions, in the order in which they are asked.
    title : str, optional
        What it is about, for readers.
    introduction : str, optional
        What people are told before each question.
    source : str, optional
        Where it comes from: a citation.

    Raises
    ------
    ConfigError
        If there is no question, or two have the same name.

    Examples
    --------
    >>> Questionnaire.shipped_names()
    ('life_satisfaction', 'values')
    >>> len(Questionnaire.shipped("life_satisfaction").questions)
    7
    """

    name: str
    questions: tuple[SurveyQuestion, ...]
    title: str = ""
    introduction: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check that there are questions of different names."""
        names = [question.name for question in self.questions]
        if not names or len(set(names)) < len(names):
            message = (
                f"the questionnaire {self.name!r} must have at least one question, each of "
                f"another name, got {', '.join(names) or 'none'}"
            )
            raise ConfigError(message)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a questionnaire from a TOML file (see ``docs/reference/questionnaires.md``).

        Raises
        ------
        DataError
            Lists all that is wrong with it.
        """
        text = read_text(Path(path))
        return cls._of(text, str(path), usual_name=Path(path).stem)

    @classmethod
    def parse(cls, text: str, *, source: str = "the questionnaire") -> Self:
        """Read a questionnaire from the text of a TOML file.

        Parameters
        ----------
        text : str
            The text.
        source : str, optional
            Where it stands, for messages.

        Raises
        ------
        DataError
            Lists all that is wrong with it.

        Examples
        --------
        >>> asked = Questionnaire.parse('''
        ... name = "rain"
        ... [[questions]]
        ... name = "mind"
        ... kind = "single"
        ... text = "Do you mind the rain?"
        ... options = ["yes", "no"]
        ... ''')
        >>> asked.questions[0].label_of(2)
        'no'
        """
        return cls._of(text, source, usual_name="questionnaire")

    @classmethod
    def shipped(cls, name: str) -> Self:
        """Return a questionnaire of the package.

        Raises
        ------
        ConfigError
            If there is none of that name.
        """
        if name not in (known := cls.shipped_names()):
            message = (
                f"there is no questionnaire {name!r}{did_you_mean(name, known)}; the package has "
                f"{', '.join(known)}; read your own with Questionnaire.read"
            )
            raise ConfigError(message)
        return cls.read(_SHIPPED / f"{name}.toml")

    @staticmethod
    def shipped_names() -> tuple[str, ...]:
        """Return the names of the questionnaires of the package."""
        return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))

    def only(self, names: Iterable[str]) -> Questionnaire:
        """Return the questionnaire with some of its questions, in its own order.

        Raises
        ------
        ConfigError
            If a name is that of no question.
        """
        wanted, known = list(names), [question.name for question in self.questions]
        if unknown := [name for name in wanted if name not in known]:
            message = f"there is no question {unknown[0]!r}; there are {', '.join(known)}"
            raise ConfigError(message)
        return Questionnaire(
            name=self.name,
            questions=tuple(one for one in self.questions if one.name in wanted),
            title=self.title,
            introduction=self.introduction,
            source=self.source,
        )

    @classmethod
    def _of(cls, text: str, source: str, *, usual_name: str) -> Self:
        parts, questions, defects = parse_questionnaire(text)
        if defects:
            advice = "see docs/reference/questionnaires.md"
            raise DataError.listing(source, defects, advice=advice)
        return cls(**{"name": usual_name, **parts}, questions=questions)
