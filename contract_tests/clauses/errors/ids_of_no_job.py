"""Ids that no job has, and things that are no ids at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario

UNKNOWN_IDS: Final = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
    "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    "job",
    "abc",
    "contract-job",
    "app",
    "0",
    "1",
    "-1",
    "*",
    "None",
    "latest",
)

NEARLY_AN_ID: Final[dict[str, Callable[[str], str]]] = {
    "without its first character": lambda job: job[1:],
    "without its last character": lambda job: job[:-1],
    "the first half of it": lambda job: job[: len(job) // 2],
    "the second half of it": lambda job: job[len(job) // 2 :],
    "the first eight characters of it": lambda job: job[:8] if len(job) > 8 else job[:1],
    "with a character more": lambda job: job + "0",
    "with a character before it": lambda job: "0" + job,
    "twice": lambda job: job + job,
    "with a suffix": lambda job: job + "-1",
    "backwards": lambda job: job[::-1] if job[::-1] != job else job + "0",
}
"""Ways to change the id of a job so that it is the id of none."""

_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
"""What stands for a character of ASCII among those as wide as Chinese ones."""

_LETTERS: Final = str.maketrans("aeco-", "\u0430\u0435\u0441\u043e\u2010")
"""Cyrillic letters, and a dash, that look like those of ASCII."""

_DIGITS: Final = {ord("0") + digit: 0x660 + digit for digit in range(10)}
"""Arabic digits, which count alike."""

LOOK_ALIKES: Final[dict[str, tuple[Callable[[str], str], ...]]] = {
    "blanks around it": (
        lambda job: f" {job}",
        lambda job: f"{job} ",
        lambda job: f"{job}\n",
        lambda job: f"\t{job}\r\n",
        lambda job: f"\u00a0{job}\u3000",
    ),
    "other characters": (
        lambda job: job.translate(_WIDE),
        lambda job: job.translate(_LETTERS),
        lambda job: job.translate(_DIGITS),
        lambda job: f"{job}\u0301",
        lambda job: f"{job[:4]}\u200b{job[4:]}",
        lambda job: f"\ufeff{job}",
        lambda job: "".join(letter + "\u00ad" for letter in job),
    ),
    "another case": (str.upper, str.lower, str.swapcase, str.title),
    "a path": (
        lambda job: f"./{job}",
        lambda job: f"{job}/",
        lambda job: f"{job}/.",
        lambda job: f"/{job}",
        lambda job: f"x/../{job}",
        lambda job: f"{job}/../{job}",
        lambda job: f"..\\jobs\\{job}",
        lambda job: f"{job}/meta.json",
        lambda job: f"{job}.zip",
    ),
    "quotes": (
        lambda job: f'"{job}"',
        lambda job: f"'{job}'",
        lambda job: f"{{{job}}}",
        lambda job: f"<{job}>",
        lambda job: f"urn:uuid:{job}",
        lambda job: job.replace("-", ""),
    ),
    "escapes": (
        lambda job: "".join(f"%{byte:02x}" for byte in job.encode()),
        lambda job: f"%{ord(job[0]) % 256:02x}{job[1:]}",
        lambda job: f"&#{ord(job[0])};{job[1:]}",
        lambda job: f"\\{job}",
    ),
    "more after it": (
        lambda job: f"{job}\0",
        lambda job: f"{job}\0x",
        lambda job: f"{job}?x=1",
        lambda job: f"{job}#x",
        lambda job: f"{job};",
        lambda job: f"{job} {job}",
        lambda job: f"{job},{job}",
    ),
    "a pattern": (
        lambda job: f"{job[:-1]}*",
        lambda job: f"{job[:-1]}?",
        lambda job: f"{job[:-1]}%",
        lambda job: f"{job[:-1]}_",
        lambda job: f"{job[:-1]}.",
        lambda job: f"^{job}$",
        lambda job: "%",
    ),
}
"""Ways to change the id of a job into what might be taken for it: each gives the id of no job, or the very id."""


def is_not_found(s: Scenario, outcome: Outcome, why: str = "") -> None:
    """The assertion that a call raised JobNotFound."""
    s.require(outcome.raised("JobNotFound"), f"JobNotFound{why}", outcome)


def is_no_id(thing: Any) -> bool:
    """Whether something can't be the id of a job at all, as it is no text, or an empty one."""
    return not isinstance(thing, str) or not thing


def is_refused(s: Scenario, outcome: Outcome, thing: Any, name: str) -> None:
    """The assertion that a call raised JobNotFound; for what is no id at all InvalidArgumentError is as good."""
    either = ("JobNotFound", "InvalidArgumentError")[: 1 + is_no_id(thing)]
    s.require(any(map(outcome.raised, either)), f"{' or '.join(either)} for {name}", outcome)


def more_arguments(s: Scenario, method: str) -> dict[str, Any]:
    """Further arguments for a call: a timeout for a monitor, which might wait for ever without."""
    return {"timeout": s.real(5), "poll_interval": s.real(1.0)} if method == "monitor_job" else {}


def is_a_job(s: Scenario, thing: Any) -> bool:
    """Whether a made-up id is the id of a job after all: a server may call its jobs 1, 2 and 3.

    Or it says of itself that it takes such a text for that id.
    """
    return isinstance(thing, str) and s.is_id_of_job(thing)


class _Prints:
    """Something that is not text and prints as some."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "<object that prints as an id>"


class _Job:
    """Something that is not text and has a job's id."""

    def __init__(self, job_id: str) -> None:
        self.job_id = self.id = job_id


MADE_OF_AN_ID: Final[dict[str, Callable[[str], Any]]] = {
    "a list of an id": lambda job: [job],
    "a tuple of an id": lambda job: (job,),
    "a set of an id": lambda job: {job},
    "a dict with an id": lambda job: {"job_id": job},
    "a dict by an id": lambda job: {job: True},
    "an id as bytes": lambda job: job.encode(),
    "an object that prints as an id": _Prints,
    "an object with an id": _Job,
    "a function that gives an id": lambda job: lambda: job,
}
"""Things made of the id of a job that are no ids."""
