"""Where the interface leaves a choice, no choice is held against a system as what it MUST not do."""

from __future__ import annotations

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.conforming import all_conforming_variants

SYSTEMS = {variant.name: variant.system for variant in (*all_mutants(), *all_conforming_variants())}

CHOICES = {
    "monitors/shortens-its-last-pause-and-looks-once-more-exactly-when-the-time-is-up": (
        "monitor.poll-not-closer",
        "monitor.poll-default",
        "monitor.callback-each",
    ),
    "choices/looks-at-its-arguments-before-it-looks-whether-it-is-closed": ("close.only-session-closed",),
    "choices/knows-of-a-deleted-job-that-it-is-gone-without-asking-the-server-or-whether-it-is-closed": (
        "close.then.get-job-meta",
        "outage.abort-job",
        "lost.delete-job",
    ),
    "choices/says-that-a-job-is-not-done-before-it-says-that-the-user-may-not-have-its-result": (
        "denied.download-job-result",
    ),
    "choices/leaves-a-job-alone-that-is-done-whoever-asks-to-abort-it": ("denied.abort-job",),
    "choices/raises-invalidargumenterror-for-what-is-no-id-at-all": ("malformed.get-job-meta", "malformed.monitor-job"),
    "choices/takes-a-list-of-the-resources-of-a-site": ("submit.refuses.resource-spec",),
    "results/hands-out-a-location-for-results-of-more-than-50-000-bytes": ("download.own-result",),
    "results/takes-no-definitions-of-more-than-100-000-bytes": ("download.own-result",),
    "servers/never-gives-a-job-up": ("monitor.finished", "monitor.callback-each", "monitor.at-once", "list.ids"),
}


def judged(system: str, *ids: str) -> dict[str, str]:
    """The verdicts on the clauses whose ids begin so, each with what was found."""
    clauses = [clause.id for begin in ids for clause in CATALOGUE.matching(begin)]
    report = run_suite(SYSTEMS[system], RunSettings(6), clauses=clauses)
    entries = [entry for entry in report.clauses if entry.clause.id in clauses]
    return {entry.clause.id: f"{entry.verdict}: {entry.message}".removesuffix(": ") for entry in entries}


@pytest.mark.slow
@pytest.mark.parametrize("system", CHOICES)
def test_a_choice_is_not_held_against_a_system(system: str) -> None:
    """On all inputs of the clauses concerned, not only on those that the kill matrix takes."""
    assert set(judged(system, *CHOICES[system]).values()) == {"met"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "system",
    [
        "changing/counts-deep-inside-a-meta-how-often-the-job-was-told-of",
        "changing/counts-in-a-meta-what-it-tries-with-the-job-less-and-less-often-on-a-slow-server",
        "changing/tells-in-a-meta-in-which-minute-that-was",
        "changing/goes-on-counting-tries-and-seconds-of-a-job-that-is-done-on-a-slow-server",
    ],
)
def test_what_changes_by_itself_is_no_effect_of_a_call(system: str) -> None:
    """A counter or a time in a meta, whatever it is called and however seldom it moves."""
    untouched = ("meta.no-effect", "meta.callers-copy", "list.callers-copy", "abort.done-no-effect")

    assert set(judged(system, *untouched).values()) == {"met"}


def test_what_nobody_would_hand_over_breaks_no_must() -> None:
    """A timeout of 400 digits gives an OverflowError: that should not be, but nothing says that it must not."""
    verdicts = judged(
        "arguments.invalid/raises-overflowerror-for-a-timeout-of-more-digits-than-a-float-has", "arguments"
    )

    assert [clause for clause, verdict in verdicts.items() if verdict != "met"] == ["arguments.invalid"]
    assert CATALOGUE["arguments.invalid"].level == "SHOULD"


def test_a_server_that_never_gives_up_need_not_say_how_a_job_ends_that_it_gives_up() -> None:
    """What it is not seen to do in the time it has is not claimed, and no fault."""
    (told,) = judged("servers/never-gives-a-job-up", "life.ends.unschedulable").values()

    assert told.startswith("not claimed: the system does not offer a server that gives up a job it can't schedule")
