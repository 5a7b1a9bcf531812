"""How tests are shared out among the workers of pytest-xdist."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from xdist.scheduler import LoadScopeScheduling


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out functions with all their cases, and some files as if they were one, for what they share is dear.

    Args:
        together: the names of these files.
        others: what xdist makes a scheduler of.
    """

    def __init__(self, together: Collection[str], *others: Any) -> None:
        super().__init__(*others)
        self._together = together

    def _split_scope(self, nodeid: str) -> str:
        function = nodeid.partition("[")[0]
        file = PurePosixPath(function.partition("::")[0]).name
        return "together" if file in self._together else function
