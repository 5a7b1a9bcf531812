"""How tests are shared out among the workers of pytest-xdist, so that what is dear to make is made once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling


def shares(root: Path) -> dict[str, str]:
    """What the tests of a file share that takes long to make, by the file's path in ids.

    The report on a whole run of the reference is the same for all; a fixture of a module is the module's own.
    """
    found = {}
    for file in root.glob("tests/**/test_*.py"):
        text, path = file.read_text(encoding="utf-8"), file.relative_to(root).as_posix()
        if "reference_report" in text:
            found[path] = "reference_report"
        elif 'scope="module"' in text:
            found[path] = path
    return found


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out functions with all their cases, and as if they were one those that share something.

    Args:
        shared: what the tests of a file share, by the file's path in ids.
        others: what xdist makes a scheduler of.
    """

    def __init__(self, shared: Mapping[str, str], *others: Any) -> None:
        super().__init__(*others)
        self._shared = shared

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return self._shared.get(file, nodeid.partition("[")[0])
