"""Which calls are played: any call, as Hypothesis draws it, and tours, in which every two kinds of calls meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.sequences.player import PLANS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def any_call() -> SearchStrategy[list[Any]]:
    """Any call, drawn by Hypothesis; a failure is told with the plainest that will do, which come first here."""
    from hypothesis import strategies as st

    sessions, jobs = st.integers(0, 3), st.sampled_from([1, 2, 0, -1, 3, 4, 5, 6, 7])  # 0 is the newest

    def call(name: str, *arguments: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
        return st.tuples(st.just(name), *arguments).map(list)

    submits = call("submit", sessions, st.sampled_from(sorted(PLANS)))
    sleeps = call("sleep", st.sampled_from([0.25, 1.0, 3.0, 10.0, 60.0, 300.0]))
    lists = call("list", sessions, st.booleans(), st.booleans())
    return st.one_of(
        submits,
        sleeps,
        lists,
        *(call(name, sessions, jobs) for name in ("clone", "meta", "delete", "abort", "download")),
        call("monitor", sessions, jobs, st.integers(1, 20), st.integers(0, 3)),
        call("watch", sessions, jobs, st.sampled_from(["abort", "delete", "clone", "meta"]), st.integers(1, 2)),
        call("info", sessions),
        call("reopen", sessions),
    )


TOUR_CALLS: Final = ("clone", "abort", "delete", "monitor", "download", "reopen", "sleep")
"""The calls that a tour can be about."""

_END: Final[tuple[tuple[Any, ...], ...]] = (("monitor", 2, 0), ("delete",), ("monitor", 2, 0), ("clone",))
"""How a tour ends with a job: what was done there must not be remembered."""


_LOOKS: Final[list[list[Any]]] = [
    *(["meta", session, number] for session, number in ((0, 1), (1, 2), (3, 1), (0, 3), (2, 4), (1, 5))),
    ["list", 0, False, False],
    ["list", 1, True, True],
    ["list", 2, False, True],
    ["list", 3, True, False],
    ["info", 0],
]


def tour(first: str, second: str) -> list[list[Any]]:
    """A sequence in which two kinds of calls meet on three jobs of two users, and everybody looks at all after each.

    The state machine finds such sequences sooner or later; tours are sure to be tried.
    """
    looks = _LOOKS
    return [
        ["submit", 0, "waits"],
        ["submit", 2, "waits"],
        ["submit", 1, "long"],
        ["list", 2, True, False],
        ["sleep", 3.0],
        _on(first, 0, 1),
        _on(first, 2, 2),
        _on(first, 1, 1),
        *looks,
        _on(second, 1, 4),
        *looks,
        _on(second, 1, 1),
        _on(second, 0, 3),
        _on(first, 1, 4),
        _on(second, 0, 4),
        ["reopen", 0],
        *looks,
        ["submit", 3, "short"],
        ["submit", 0, "waits"],
        _on(second, 0, 1),
        _on(second, 3, 2),
        ["sleep", 10.0],
        *looks,
        _on(first, 0, 5),
        *([call, 1, number, *more] for number in (1, 3, 6) for call, *more in _END),
        *looks,
    ]


def _on(call: str, session: int, number: int) -> list[Any]:
    """A call of a tour, on a job where it is about one."""
    if call == "reopen":
        return ["reopen", session]
    if call == "sleep":
        return ["sleep", 60.0]
    return ["monitor", session, number, 3, 2] if call == "monitor" else [call, session, number]


_MORE_LOOKS: Final = [*(["meta", session, number] for session, number in ((2, 0), (0, -1), (1, 7), (3, 8))), *_LOOKS]
"""At the newest jobs, too, and at clones."""

LIVELY: Final[list[list[Any]]] = [
    *(["submit", session, plan] for session, plan in ((0, "waits"), (2, "waits"), (1, "long"), (3, "short"))),
    ["sleep", 8.0],
    *(["submit", session, "long"] for session in (1, 3)),
    *(["clone", session, number] for session, number in ((1, 3), (2, 6))),
    *(["submit", session, "fails"] for session in (1, 2)),
    ["sleep", 8.0],
]
"""How a server comes to jobs of two users that wait, run, are done and have failed, and to clones that run."""

_OPENED_ANEW: Final = [["reopen", session] for session in range(4)]

OCCASIONS: Final[dict[str, list[list[Any]]]] = {
    "outage": [["trouble", 1, "outage"]],
    "an outage, and sessions opened after it": [["trouble", 1, "outage"], *_OPENED_ANEW],
    "an outage, and a day": [["trouble", 1, "outage"], ["sleep", 90_000.0], ["submit", 3, "long"], ["sleep", 8.0]],
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
    "a day": [["sleep", 90_000.0], ["submit", 1, "long"], ["sleep", 8.0]],
    "a day of another user": [["sleep", 90_000.0], ["submit", 3, "long"], ["sleep", 8.0]],
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

_CLONED: Final = ((0, 1), (2, 2), (2, 6), (0, -1), (1, 0), (1, 3), (0, 7), (1, 6), (3, 8), (0, 9), (2, 10))
"""Which session clones which job, in a sequence on an occasion."""

INSIDE: Final = "inside callbacks"
"""The occasion that is not before a call: it is made in a callback, in one of another session, or in one in another."""

INSIDE_AFTER: Final = "inside callbacks, after an outage"
"""The same, on a server that has lived through an outage."""

OTHER_FIRST: Final = "another user first"
"""No occasion, but everything is done by the other user: the first jobs there are, are that one's."""


def occasion(name: str) -> list[list[Any]]:
    """A sequence in which every kind of call comes right after something has happened, and all is looked at after it.

    What has happened must not show, except in what the call itself is about.
    """
    calls = [*LIVELY, *(OCCASIONS["outage"] if name == INSIDE_AFTER else [])]
    acts: tuple[list[Any], ...] = (
        *(["submit", session, plan] for session, plan in ((0, "waits"), (2, "long"), (1, "fails"))),
        *(["clone", session, number] for session, number in _CLONED),
        *(["abort", session, number] for session, number in ((0, 0), (2, 2), (1, 3), (3, 6))),
        *(["delete", session, number] for session, number in ((2, -1), (0, 1))),
        *(["download", session, 4] for session in (1, 2)),
        *(["monitor", session, number, 3, 0] for session, number in ((2, 4), (0, 4), (0, 2), (2, 5))),
        ["submit", 0, "waits"],
    )
    place = [*OCCASIONS, OTHER_FIRST, INSIDE, INSIDE_AFTER].index(name)
    for number, act in enumerate(acts):
        first = (5 * number + place) % len(_MORE_LOOKS)  # so that every look comes right after every kind of call
        calls += [*_on_occasion(name, act), *_MORE_LOOKS[first:], *_MORE_LOOKS[:first]]
    return [_by_the_other(call) for call in calls] if name == OTHER_FIRST else calls


def _by_the_other(call: list[Any]) -> list[Any]:
    """The call by a session of the other user."""
    return call if call[0] == "sleep" else [call[0], (call[1] + 2) % 4, *call[2:]]


def _on_occasion(name: str, call: list[Any]) -> list[list[Any]]:
    if name not in (INSIDE, INSIDE_AFTER):
        return [*OCCASIONS.get(name, ()), call]
    session = call[1]
    within = ["submit", session, "slow start"] if call[0] == "submit" else call
    return [
        ["inside", session, 5, call],
        *_MORE_LOOKS,
        ["inside", (session + 2) % 4, 5, call],
        *_MORE_LOOKS,
        ["inside", session, 5, ["inside", session, 6, within]],
        *(["inside", session, 5, ["inside", session, 6, look]] for look in _MORE_LOOKS),
    ]


MANY: Final = 102
"""How often every call is made in a long sequence: more than a hundred times, and once more."""


def many() -> list[list[Any]]:
    """A sequence of so many calls of every kind, on a server that has few jobs at any time."""
    calls: list[list[Any]] = [["submit", 0, "long"], ["submit", 2, "short"], ["sleep", 8.0]]
    for turn in range(MANY):
        session = turn % 4
        calls += [
            ["submit", session, ("waits", "long")[turn % 2]],
            ["clone", session, 0],
            ["abort", session, 0],
            *(["meta", session, number] for number in (0, 1)),
            ["list", session, turn % 8 > 3, turn % 3 == 0],
            ["info", session],
            ["download", 0, 2],
            ["monitor", session, 2, 3, 0],
            ["delete", session, 0],
            ["delete", session, -1],
        ]
    return [*calls, *_MORE_LOOKS]
