"""A sweep in the terminal: within 80 columns, whatever there is to tell."""

from __future__ import annotations

import io

from contract_tests.contract.verdict import Verdict
from contract_tests.report.terminal import console
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import Plan
from contract_tests.sweep.text import show
from contract_tests.sweep.trying import Found
from tests.contract_tests.sweep.test_merged import EVERY, failure, merged


def printed(made: Merged, *, quiet: bool = False) -> list[str]:
    """The lines that are printed for it."""
    out = io.StringIO()
    console_of_80 = console(out)
    console_of_80.width = 80
    show(made, console_of_80, quiet=quiet)
    return out.getvalue().splitlines()


def test_it_ends_in_the_verdict_and_tells_how_a_failure_is_shown_again() -> None:
    """With how many seeds show it, and the smallest of them."""
    lines = printed(merged(*EVERY))

    assert "  close.again: violated with 2 of 4 seeds, the smallest 1" in lines
    assert "    again: flare-contract run a:b --clause close.again --seed 1" in lines
    assert lines[-2].startswith("verdict: non-conformant  (2 of 261 judged; 4 of 4 seeds tried")
    assert [line.split() for line in lines if line.split()[:1] == ["close.again"]] == [
        ["close.again", "MUST", "met", "1,", "violated", "3"]
    ]


def test_quietly_there_is_no_table() -> None:
    """What is not kept, and the verdict."""
    assert printed(merged(*EVERY), quiet=True)[0].startswith("What is not kept (2)")


def test_it_keeps_to_the_width() -> None:
    """Only commands stay in one piece."""
    every = Plan("package.of.some.length:WithAFactoryOfSomeLength")
    long = [Found(seed, dict.fromkeys(every.judged(seed), Verdict.NOT_TESTABLE), []) for seed in (None, *range(4))]
    made = merged(*long, plan=every, seeds=range(10**17))
    made.add(Found(10**16, {}, [failure("x" * 300, "y " * 200), failure("z" * 300, "z" * 300)]))
    made.given_up = dict.fromkeys(range(10**9, 10**9 + 1000), "signal SIGKILL")
    made.problems = []

    assert [line for line in printed(made) if len(line) > 80 and "again: " not in line] == []


def test_what_was_given_up_is_named() -> None:
    """The first of them, and how many more there are."""
    made = merged(*EVERY[:3])
    made.given_up = dict.fromkeys((None, *range(100, 130)), "signal SIGKILL")
    told = " ".join(line.strip() for line in printed(made, quiet=True))

    assert "given up, as nothing that tried them came to an end: what draws nothing, 100, 101," in told
    assert "118 and 11 more" in told
