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


LOOKS: Final[list[list[Any]]] = [
    *(["meta", session, number] for session, number in ((0, 1), (1, 2), (3, 1), (0, 3), (2, 4), (1, 5))),
    ["list", 0, False, False],
    ["list", 1, True, True],
    ["list", 2, False, True],
    ["list", 3, True, False],
    ["info", 0],
]
"""How everybody looks at what there is."""

MORE_LOOKS: Final = [*(["meta", session, number] for session, number in ((2, 0), (0, -1), (1, 7), (3, 8))), *LOOKS]
"""At the newest jobs, too, and at clones."""


def tour(first: str, second: str) -> list[list[Any]]:
    """A sequence in which two kinds of calls meet on three jobs of two users, and everybody looks at all after each.

    The state machine finds such sequences sooner or later; tours are sure to be tried.
    """
    return [
        ["submit", 0, "waits"],
        ["submit", 2, "waits"],
        ["submit", 1, "long"],
        ["list", 2, True, False],
        ["sleep", 3.0],
        _on(first, 0, 1),
        _on(first, 2, 2),
        _on(first, 1, 1),
        *LOOKS,
        _on(second, 1, 4),
        *LOOKS,
        _on(second, 1, 1),
        _on(second, 0, 3),
        _on(first, 1, 4),
        _on(second, 0, 4),
        ["reopen", 0],
        *LOOKS,
        ["submit", 3, "short"],
        ["submit", 0, "waits"],
        _on(second, 0, 1),
        _on(second, 3, 2),
        ["sleep", 10.0],
        *LOOKS,
        _on(first, 0, 5),
        *([call, 1, number, *more] for number in (1, 3, 6) for call, *more in _END),
        *LOOKS,
    ]


def _on(call: str, session: int, number: int) -> list[Any]:
    """A call of a tour, on a job where it is about one."""
    if call == "reopen":
        return ["reopen", session]
    if call == "sleep":
        return ["sleep", 60.0]
    return ["monitor", session, number, 3, 2] if call == "monitor" else [call, session, number]


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
    return [*calls, *MORE_LOOKS]
