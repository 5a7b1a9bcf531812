"""Writes the page about quirks and personalities, ``docs/personalities.md``."""

from __future__ import annotations

from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirks import QUIRKS

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


def markdown() -> str:
    """Write the quirks as a table, and below it which personality has which."""
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
    return "\n".join(lines) + "\n"
