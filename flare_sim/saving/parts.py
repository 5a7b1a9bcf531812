"""The parts of a state that several others name by a number: contents of files, and definitions of jobs.

Each is written once, before what names it first, however many files and jobs have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.outputs import metrics_as_given
from flare_sim.saving.records import BadState, packed
from flare_sim.saving.shapes import FLAG, JSON, NUMBER, TEXT, Shape, fixed, read_fields, table_of, tuple_of, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CONTENT", "DEFINITION", "Parts"]

CONTENT = b"="
"""What a record of a content begins with."""
DEFINITION = "definition"
"""The kind of a record of a definition."""
_FILES = ("result_files", "round_files")
"""What a behavior says of files, by their paths."""


class Parts:
    """The parts of one file, as they are written or as they are read.

    Args:
        write: takes what the next record is to hold, when one is written.

    Attributes:
        write: the same.
        content: the shape of a content: bytes.
        definition: that of a definition.
        behavior: that of a behavior, which may name contents.
        files: that of files: path -> content.
        timed_files: that of files with their times: (time, path, content).
    """

    def __init__(self, write: Callable[[bytes], object] = len) -> None:
        self.write = write
        self._contents: list[bytes] = []
        self._definitions: list[JobDefinition] = []
        self._content_numbers: dict[bytes, int] = {}
        self._definition_numbers: dict[bytes, int] = {}
        self._known: dict[int, tuple[JobDefinition, int]] = {}
        self.content = Shape(self._write_content, _member_of(self._contents, "content"))
        self.definition = Shape(self._write_definition, _member_of(self._definitions, DEFINITION))
        self.behavior = Shape(self._write_behavior, self._read_behavior)
        self.files = table_of(self.content)
        self.timed_files = tuple_of(fixed(NUMBER, TEXT, self.content))
        self._facts: Mapping[str, Shape] = {
            "folder_name": TEXT,
            "stated_folder": JSON,
            "name": TEXT,
            "name_type": TEXT,
            "files": tuple_of(fixed(TEXT, self.content)),
            "deploy_map": tuple_of(fixed(TEXT, tuple_of(TEXT))),
            "min_clients": NUMBER,
            "mandatory_clients": tuple_of(JSON),
            "resource_spec": table_of(JSON),
            "obstacles": table_of(TEXT),
            "behavior": self.behavior,
            "meta": table_of(JSON),
            "kept_by_clones": tuple_of(TEXT),
            "is_clone": FLAG,
        }

    def add_content(self, content: bytes) -> None:
        """Take in the next content that was read."""
        self._contents.append(content)

    def add_definition(self, value: Any) -> None:
        """Take in the next definition that was read.

        Raises:
            BadState: it is none.
        """
        facts = read_fields(self._facts, value, f"{DEFINITION} {len(self._definitions)}")
        self._definitions.append(JobDefinition.of_facts(facts))

    def _write_content(self, content: bytes) -> int:
        number = self._content_numbers.get(content)
        if number is None:
            self.write(CONTENT + content)
            number = self._content_numbers[content] = len(self._content_numbers)
        return number

    def _write_definition(self, definition: JobDefinition) -> int:
        _, number = self._known.get(id(definition), (definition, -1))
        if number < 0:
            facts = definition.facts()
            payload = packed(DEFINITION, {name: shape.write(facts[name]) for name, shape in self._facts.items()})
            number = self._definition_numbers.get(payload, -1)
            if number < 0:
                self.write(payload)
                number = self._definition_numbers[payload] = len(self._definition_numbers)
            self._known[id(definition)] = (definition, number)
        return number

    def _write_behavior(self, behavior: JobBehavior) -> dict[str, Any]:
        given = {name: value for name, value in behavior._asdict().items() if value is not None}
        for name in _FILES:
            if name in given:
                given[name] = self.files.write(dict(given[name]))
        if "timed_files" in given:
            given["timed_files"] = self.timed_files.write(given["timed_files"])
        if type(given.get("metrics")) is tuple:
            given["metrics"] = metrics_as_given(given["metrics"])
        return given

    def _read_behavior(self, value: Any, place: str) -> JobBehavior:
        if type(value) is not dict:
            raise wrong(place, "an object", value)
        for name, shape in (*((name, self.files) for name in _FILES), ("timed_files", self.timed_files)):
            if name in value:
                value = {**value, name: shape.read(value[name], f"{place}.{name}")}
        try:
            return JobBehavior.from_mapping(value)
        except ValueError as problem:
            raise BadState(f"holds wrong data: {place}: {problem}") from None


def _member_of(parts: list[Any], kind: str) -> Callable[[Any, str], Any]:
    def read(value: Any, place: str) -> Any:
        if type(value) is not int or not 0 <= value < len(parts):
            raise wrong(place, f"the number of a {kind}", value)
        return parts[value]

    return read
