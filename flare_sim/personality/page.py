"""Writes the page about quirks and personalities, ``docs/personalities.md``."""

from __future__ import annotations

from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirk_table import QUIRKS

__all__ = ["markdown"]

_INTRODUCTION = (
    "What a simulated server does differently from the contract when it is like the servers of a release: "
    '`SimulatedServer(personality="nvflare-2.3")`, or quirk by quirk, '
    '`SimulatedServer(quirks=("delete-refused-while-running",))`. '
    "`#220` is observation 220 of the recording of that release in `tests/nvflare/recordings`; "
    "a path is a place in NVFLARE's code. "
    "How well a simulated server does as the recorded ones did is said in [recordings.md](recordings.md). "
    "This page is what `flare-sim personalities --markdown` prints."
)

_NOT_DONE = """\
- shell commands, logs and their levels, studies, and what workflows and apps tell of themselves while they run: an error says so
- calls that hang: what a 2.3.12 is asked half a second after the reply to a shutdown fails at once here, there when the process is gone, two seconds later; the first call after a crash of a 2.9.0 may take five seconds there
- aborts that take less than three seconds, as clients have failed or were removed meanwhile
- a client that falls silent while a job is deployed to it: the job of a 2.3.12 is DISPATCHED before it is FINISHED:FAILED_TO_RUN, and a 2.9.0 waits for the answer until its time is up
- the signature files that a secure session of 2.3.12 writes into the folder of a job it submits
- resource managers of a site's own: what clients declare beside GPUs is counted as amounts
- reading what links in a job folder lead to outside of it: the job is refused, unless the server has the quirk `links-followed`
- users that nobody can revoke, and roles that change with the next login alone: who a user is stands in a certificate, which is looked at when a session logs in (fuel/hci/server/login.py); here `change_role` and `revoke_user` count at once
- processes that start again by themselves: a server that crashed waits for `faults.restart`
"""  # noqa: E501
"""What live servers do besides, and no personality does."""


def markdown() -> str:
    """Write the quirks as a table, with which personality has which, and below it what no personality does."""
    lines = [
        "# Personalities",
        "",
        _INTRODUCTION,
        "",
        "| Quirk | What such a server does | Source | " + " | ".join(PERSONALITIES) + " |",
        "| --- | --- | --- |" + " :-: |" * len(PERSONALITIES),
    ]
    for quirk in QUIRKS.values():
        marks = " | ".join("x" if quirk.name in known.quirks else " " for known in PERSONALITIES.values())
        lines.append(f"| `{quirk.name}` | {quirk.story} | {quirk.source} | {marks} |")
    return "\n".join([*lines, "", "What live servers do, and no personality does:", "", _NOT_DONE])
