"""How well simulated servers agree with the recordings: ``python -m tests.nvflare.recordings.summary [--write]``.

Prints it for the release that is installed; ``--write`` also brings ``docs/recordings.md`` up to date.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.nvflare.recordings.exemptions import exempt
from tests.nvflare.recordings.replay import INTERFACE, differences, names_of, observations, outcomes

__all__ = ["PAGE", "Agreement", "agreement", "section"]

PAGE = Path(__file__).parents[3] / "docs" / "recordings.md"


class Agreement(NamedTuple):
    """How many observations of one kind there are, and how many agree."""

    calls: int
    agree: int

    @property
    def share(self) -> float:
        """The share that agrees, from 0 to 1."""
        return self.agree / self.calls if self.calls else 1.0

    def __str__(self) -> str:
        return f"{self.agree} of {self.calls} agree" + (f" ({100 * self.share:.1f} %)" if self.calls else "")


def agreement(name: str, *, interface: bool, arrived: bool) -> Agreement:
    """Of a recording's calls of the interface, or beyond it, those that reach the simulator, or never do."""
    agree = [
        not differences(item, outcomes(name, item["n"]))
        for item in observations(name)
        if (item["do"] in INTERFACE) == interface and outcomes(name, item["n"]).arrived == arrived
    ]
    return Agreement(len(agree), sum(agree))


def section(name: str) -> str:
    """What the page says about a recording."""
    reach, never = (agreement(name, interface=True, arrived=arrived) for arrived in (True, False))
    more, others = (agreement(name, interface=False, arrived=arrived) for arrived in (True, False))
    listed = exempt(name)
    inside = Counter(
        listed[item["n"]] for item in observations(name) if item["n"] in listed and item["do"] in INTERFACE
    )
    beyond = Counter(listed.values()) - inside
    lines = [
        f"## {name}",
        "",
        f"- Calls of the interface's {len(INTERFACE)} methods: {reach.calls + never.calls}.",
        f"  - Those that reach the simulator: {reach}.",
        f"  - Those that never do, as the client's own code decides them: {never}.",
        f"  - Exempt: {_told(inside)}.",
        f"- Other calls (sessions opened, methods of later releases): {more.calls + others.calls}.",
        f"  - Those that reach the simulator: {more}; those that never do: {others}.",
        f"  - Exempt: {_told(beyond)}.",
    ]
    return "\n".join(lines)


def _told(reasons: Counter[str]) -> str:
    return "; ".join(f"{count} ({reason})" for reason, count in sorted(reasons.items())) or "none"


def main(options: list[str]) -> None:
    """Print the sections of the installed release."""
    if wrong := set(options) - {"--write"}:
        sys.exit(f"there is no {', '.join(sorted(wrong))}; only --write")
    names = names_of(version("nvflare"))
    if not names:
        sys.exit(f"nothing is recorded of NVFLARE {version('nvflare')}")
    text = PAGE.read_text(encoding="utf-8")
    for name in names:
        told = section(name)
        sys.stdout.write(f"{told}\n\n")
        old = re.search(rf"^## {re.escape(name)}$.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        before, after = (text[: old.start()], text[old.end() :]) if old else (f"{text}\n", "")
        text = f"{before}{told}\n\n{after}".rstrip() + "\n"
    if options:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
