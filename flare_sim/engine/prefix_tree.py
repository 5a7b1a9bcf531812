"""Finds the jobs that have a text which begins with something, without a look at all of them.

The tree grows where it is asked: what was never looked for costs nothing, what is looked for the first time about one
look at all jobs, from then on what is found.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Reversible

    from flare_sim.engine.job import Job

__all__ = ["PrefixTree"]

FEW = 32
"""So many jobs are looked through one by one."""


class PrefixTree:
    """Jobs by the beginnings of a text of theirs.

    Args:
        text_of: the text of a job, which stays the same.
    """

    __slots__ = ("_root", "_text_of")

    def __init__(self, text_of: Callable[[Job], str]) -> None:
        self._text_of = text_of
        self._root = _Node(0)

    def newest(self, prefix: str, jobs: Reversible[Job], count: int) -> Iterator[Job]:
        """Return the jobs whose text begins with ``prefix``, the last submitted first.

        Args:
            prefix: what it begins with.
            jobs: all there are, in the order in which they were submitted.  One that is among them no more may be
                found all the same.
            count: how many there are.
        """
        root = self._root
        if len(root.jobs) > 2 * count + FEW:  # most were removed
            root = self._root = _Node(0)
        last = root.jobs[-1].serial if root.jobs else -1
        for job in reversed(list(takewhile(lambda job: job.serial > last, reversed(jobs)))):
            self._add(job)
        text_of, node = self._text_of, root
        while len(node.jobs) > FEW and node.depth < len(prefix):
            if node.below is None:
                node.below = self._parted(node)
            node = node.below.get(prefix[node.depth], _NONE)
        return (job for job in reversed(node.jobs) if text_of(job).startswith(prefix))

    def _add(self, job: Job) -> None:
        """Add a job; one that was added in part, as something interrupted that, is added to the rest."""
        text, node = self._text_of(job), self._root
        path = [node]
        while node.below is not None and node.depth < len(text):
            node = node.below.setdefault(text[node.depth], _Node(node.depth + 1))
            path.append(node)
        for node in reversed(path):  # the root, which tells what was added, at last
            if not node.jobs or node.jobs[-1].serial < job.serial:
                node.jobs.append(job)

    def _parted(self, node: _Node) -> dict[str, _Node]:
        """Return the nodes below one, by the next letter; a text that ends there is in none of them."""
        parts: dict[str, _Node] = {}
        depth = node.depth
        for job in node.jobs:
            letter = self._text_of(job)[depth : depth + 1]
            if letter:
                part = parts.get(letter)
                if part is None:
                    part = parts[letter] = _Node(depth + 1)
                part.jobs.append(job)
        return parts


class _Node:
    """The jobs whose text begins in one way, and once somebody wanted to know more, by the letter that comes next."""

    __slots__ = ("below", "depth", "jobs")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.jobs: list[Job] = []
        self.below: dict[str, _Node] | None = None


_NONE = _Node(0)
