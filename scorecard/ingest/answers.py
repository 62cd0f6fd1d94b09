"""Finding the answer to a question, whoever it was given by and whatever the file was called that week."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from scorecard.ingest.report import Question


@dataclass
class Answers:
    """The answers given now and earlier for one table of one file; remembers which were used and what is still open."""

    subject: str  # the file as questions name it
    given: Mapping[str, str]
    saved: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()  # other names of the subject: the kind, the canonical table
    used: dict[str, str] = field(default_factory=dict)
    open: list[Question] = field(default_factory=list)

    def find(self, topic: str) -> str | None:
        """The answer for `column.topic` (or `kind`, `as_of`) of this file, or None."""
        names = [self.subject, PurePath(self.subject).stem, *self.aliases]
        for name in names:
            if f"{name}.{topic}" in self.given:
                return self._use(topic, self.given[f"{name}.{topic}"])
        for key, answer in self.saved.items():
            if key == topic or key.endswith(f".{topic}"):
                return self._use(topic, answer)
        return None

    def ask(self, topic: str, text: str, choices: tuple[str, ...] = ()) -> None:
        """Open a question once."""
        key = f"{self.subject}.{topic}"
        if all(question.key != key for question in self.open):
            self.open.append(Question(key, text, choices))

    def choose(self, topic: str, text: str, choices: tuple[str, ...]) -> str | None:
        """The answer if it is one of the choices; else the question is opened."""
        answer = self.find(topic)
        if answer is not None:
            for choice in choices:
                if answer.strip().casefold() == choice.casefold():
                    return choice
        self.ask(topic, text, choices)
        return None

    def _use(self, topic: str, answer: str) -> str:
        self.used[f"{self.subject}.{topic}"] = answer
        return answer
