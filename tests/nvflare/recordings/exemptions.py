"""What of the recordings does not come out the same on a simulated server, each with the reason.

An exempt observation has to differ: one that agrees by now makes a test fail, and is to be taken out here.
"""

from __future__ import annotations

from typing import Final

__all__ = ["exempt"]

_CERTIFICATES: Final = "not simulated: certificates"
_LOGS: Final = "not simulated: logs and their levels"
_WORK: Final = "to log in took a busy machine half a second more than the waiting in it"
_FIRST: Final = "the first request after the server was killed, on a connection that does not know it yet"
_ONE_DIES: Final = "not simulated: the process of a run that dies on one of its clients"
_ONCE: Final = "seen once on a real server, in the first submission after a restart"
_PYTHON: Final = "the text is Python's, and that of 3.8, which was recorded, is another one"
_SHELL: Final = "not simulated: shell commands on the machines of servers and clients"
_STUDIES: Final = "not simulated: studies"
_TEXTS: Final = "the simulator says it in its own words"
_UNRECORDED: Final = "the recording lacks what happened before: another shutdown, or a call not written down"

EXEMPT: Final[dict[str, dict[str, str]]] = {
    "2.3.12": {
        _CERTIFICATES: "320 322",
        _ONE_DIES: "292",
        _PYTHON: "160",
    },
    "2.3.12-held-out": {
        _FIRST: "143",
    },
    "2.9.0": {
        _CERTIFICATES: "369 381",
        _WORK: "0",
        _TEXTS: "408",
        _STUDIES: "305 306 309 311-331 333 431 432 441 442",
        _ONCE: "405",
        _LOGS: "83 84 87 88 109 128 129 131 132 137 190-195 388 433 445",
        _SHELL: "24-26 281-285 291-293 295 297 299-303 429 437",
        _UNRECORDED: "409-413",
    },
    "2.9.0-held-out": {
        _FIRST: "142",
    },
}
"""Recording -> reason -> numbers of observations."""


def exempt(name: str) -> dict[int, str]:
    """Which observations of a recording are exempt, and why."""
    found = {}
    for reason, numbers in EXEMPT.get(name, {}).items():
        for part in numbers.split():
            first, _, last = part.partition("-")
            found.update(dict.fromkeys(range(int(first), int(last or first) + 1), reason))
    return found
