"""What may have happened right before a call, and which jobs it may be about, without showing in what comes of it."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.sequences.drawn_calls import MORE_LOOKS

LIVELY: Final[list[list[Any]]] = [
    *(["submit", session, plan] for session, plan in ((0, "waits"), (2, "waits"), (1, "fails"), (3, "short"))),
    ["submit", 2, "fails"],
    ["sleep", 12.0],
    *(["submit", session, "long"] for session in (1, 3)),
    *(["clone", session, number] for session, number in ((1, 6), (2, 7))),
    ["submit", 0, "waits"],
    ["sleep", 8.0],
]
"""How a server comes to jobs of two users that wait, run, are done and have failed, and to clones that run.

No more than four run at a time, which is as many as servers run by themselves.
"""

_RUNS, _RUNS_TOO = 6, 7
"""The jobs that go on running, each user's own: in callbacks of their monitors calls are made."""

_WAITS: Final = 10
"""The job that waits until it is aborted while it is monitored."""

_DAY: Final = ["sleep", 90_000.0]
_OPENED_ANEW: Final = [["reopen", session] for session in range(4)]

OCCASIONS: Final[dict[str, list[list[Any]]]] = {
    "outage": [["trouble", 1, "outage"]],
    "an outage, and sessions opened after it": [["trouble", 1, "outage"], *_OPENED_ANEW],
    "an outage, and a day": [["trouble", 1, "outage"], _DAY, ["submit", 3, "long"], ["sleep", 8.0]],
    "lost clients": [["trouble", 1, "lost clients"]],
    "a deletion, and an outage": [
        ["submit", 1, "waits"],
        *(["list", session, True, False] for session in range(4)),
        ["delete", 0, 0],
        ["trouble", 2, "outage"],
    ],
    "lost sessions": [["trouble", 1, "lost sessions"]],
    "misbehaving server": [["trouble", 1, "misbehaving server"]],
    "refusals": [["refused", 1]],
    "a session closed": [["close", 3]],
    "all sessions of a user closed": [["close", 2], ["close", 3]],
    "a client more": [["newcomer"]],
    "a day": [_DAY, ["submit", 1, "long"], ["sleep", 8.0]],
    "a day of another user": [_DAY, ["submit", 3, "long"], ["sleep", 8.0]],
    "a clone": [["clone", 1, 1]],
    "a deletion": [["submit", 0, "waits"], ["delete", 0, 0]],
    "an abort": [["submit", 1, "waits"], ["abort", 1, 0]],
    "a download": [["submit", 0, "short"], ["monitor", 1, 0, 20, 0], ["download", 0, 0]],
    "a monitor": [["monitor", 2, 2, 3, 2]],
    "a look at a job": [["meta", 1, 1]],
    "a look at the list": [["list", 0, True, True]],
    "a look at the system": [["info", 2]],
}
"""What may have happened right before a call."""

INSIDE: Final = "inside callbacks"
"""The occasion that is not before a call: it is made in a callback, in one of another session, or in one in another."""

INSIDE_AFTER: Final = "inside callbacks, after an outage"
"""The same, on a server that has lived through an outage."""

OTHER_FIRST: Final = "another user first"
"""No occasion, but everything is done by the other user: the first jobs there are, are that one's."""

_CLONED: Final = ((0, 1), (2, 2), (2, 7), (0, -1), (1, 0), (1, 6), (0, 8), (1, 7), (3, 9), (0, 3), (2, 5))
"""Which session clones which job, in a sequence on an occasion."""

_ACTS: Final[tuple[list[Any], ...]] = (
    *(["submit", session, plan] for session, plan in ((0, "waits"), (2, "long"), (1, "fails"))),
    *(["clone", session, number] for session, number in _CLONED),
    *(["abort", session, number] for session, number in ((0, 0), (2, 2), (1, 8), (3, 9))),
    *(["delete", session, number] for session, number in ((2, -1), (0, 1))),
    *(["download", session, 4] for session in (1, 2)),
    *(["monitor", session, number, 3, -1] for session, number in ((2, 4), (0, 4), (0, 2), (2, 6))),
    *(["monitor", session, number, 3, stop_at] for session, number, stop_at in ((2, 2, 0), (1, 6, 2), (2, 7, 3))),
    ["watch", 0, _WAITS, "abort", 1],
    *(["reopen", session] for session in (0, 2)),
    ["submit", 0, "waits"],
)

_LOOKS_AFTER: Final = 7
"""How many looks there are after a call on an occasion; others after each, so that all come after every kind."""

_UNTIL_ABORTED: Final = ["sleep", 130.0]
"""Longer than a system is given, where it asks for no more, to end a job that was aborted; a long job runs longer."""


def occasion(name: str) -> list[list[Any]]:
    """A sequence in which every kind of call comes right after something has happened, and is looked at from all sides.

    What has happened must not show, except in what the call itself is about.
    """
    calls = [*LIVELY, *(OCCASIONS["outage"] if name == INSIDE_AFTER else [])]
    place = [*OCCASIONS, OTHER_FIRST, INSIDE, INSIDE_AFTER].index(name)
    for number, act in enumerate(_ACTS):
        looks = _looks(_LOOKS_AFTER * number + place)
        calls += _inside(act, looks) if name in (INSIDE, INSIDE_AFTER) else [*OCCASIONS.get(name, ()), act, *looks]
    calls += [call for look in MORE_LOOKS for call in (*OCCASIONS.get(name, ()), look)]
    calls += [_UNTIL_ABORTED, *MORE_LOOKS]
    return [_by_the_other(call) for call in calls] if name == OTHER_FIRST else calls


def _looks(first: int) -> list[list[Any]]:
    return [MORE_LOOKS[(first + number) % len(MORE_LOOKS)] for number in range(_LOOKS_AFTER)]


def _by_the_other(call: list[Any]) -> list[Any]:
    """The same call by a session of the other user."""
    if call[0] == "sleep":
        return call
    name, session, *rest = call
    return [name, (session + 2) % 4, *(_by_the_other(part) if isinstance(part, list) else part for part in rest)]


def _inside(call: list[Any], looks: list[list[Any]]) -> list[list[Any]]:
    session = call[1]
    within = ["submit", session, "slow start"] if call[0] == "submit" else call
    return [
        ["inside", session, _RUNS, call, *MORE_LOOKS],
        ["inside", (session + 2) % 4, _RUNS, call],
        *looks,
        *(["inside", session, _RUNS, ["inside", session, _RUNS_TOO, one]] for one in (within, *looks)),
    ]


# --- kinds of jobs ----------------------------------------------------------------------------------------------------

_HOST: Final = 11

_KINDS: Final[list[list[Any]]] = [
    *(["submit", session, plan] for session, plan in ((0, "waits"), (2, "waits"), (1, "fails"), (3, "short"))),
    *(["clone", session, number] for session, number in ((0, 2), (1, 1), (0, 4), (2, 4), (1, 7))),
    ["inside", 0, 1, ["submit", 1, "short"]],
    ["sleep", 30.0],
    *(["submit", session, "long"] for session in (0, 3)),
    ["clone", 2, 12],
    ["sleep", 6.0],
    ["submit", 1, "slow start"],
    ["sleep", 3.0],
    ["inside", 0, _HOST, ["clone", 1, 13]],
]
"""Jobs of two users that wait, start, run, failed and completed, clones of them and of clones, some by callbacks."""

OF_KINDS: Final = (*range(1, _HOST), *range(_HOST + 1, 16))
"""The numbers of those jobs, but for the one in whose callbacks they are called about."""

ACTS_ON_JOBS: Final = ("abort", "delete", "download", "clone", "monitor", "watch")
"""The calls that are made about jobs of every kind."""

_FURTHER: Final[dict[str, tuple[Any, ...]]] = {"monitor": (2, -1), "watch": ("abort", 1)}
"""What those say besides the session and the job."""

_IN_CALLBACKS: Final = "in callbacks"

CIRCUMSTANCES: Final[dict[str, tuple[list[list[Any]], list[list[Any]]]]] = {
    "nothing": ([], []),
    "an outage": (OCCASIONS["an outage, and sessions opened after it"], []),
    "deletions and an outage since": (
        [],
        [
            *(call for session in (1, 3) for call in (["submit", session, "waits"], ["delete", session, 0])),
            *OCCASIONS["an outage, and sessions opened after it"],
        ],
    ),
    "a day before": ([_DAY], []),
    "a day since": ([], [_DAY]),
    _IN_CALLBACKS: ([], []),
}
"""What comes before the jobs are made, and between that and the calls about them."""


def on_every_kind(act: str, circumstance: str, *, other: bool) -> list[list[Any]]:
    """A sequence in which one call is made about jobs of every kind; by the other user, where that is asked for."""
    before, between = CIRCUMSTANCES[circumstance]
    calls = [*before, *_KINDS, *between, ["list", 1, True, False]]
    for number in reversed(OF_KINDS):  # so that originals are there as long as their clones
        session = number % 4
        call = [act, session, number, *_FURTHER.get(act, ())]
        calls += [
            ["inside", session, _HOST, call] if circumstance == _IN_CALLBACKS else call,
            ["meta", (session + 1) % 4, number],
            ["list", (session + 2) % 4, True, number % 2 > 0],
        ]
    calls += [_UNTIL_ABORTED, *MORE_LOOKS]
    return [_by_the_other(call) for call in calls] if other else calls
