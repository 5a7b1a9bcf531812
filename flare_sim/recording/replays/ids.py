"""Which job of a replay stands for which one of the recording: they are matched as they are made."""

from __future__ import annotations

from typing import Any

from flare_sim.recording.replays.words import UUID

__all__ = ["Ids"]

_SHORTEST = 4
"""A text is the beginning of an id when it is no shorter."""


class Ids:
    """Ids of jobs in a recording, and of those that stand for them."""

    def __init__(self) -> None:
        self._here: dict[str, str] = {}
        self._there: dict[str, str] = {}

    def learn(self, recorded: Any, here: Any) -> None:
        """Let a job that was made in the replay stand for one of the recording."""
        if isinstance(recorded, str) and isinstance(here, str):
            self._here[recorded] = here
            self._there[here] = recorded

    def of_recorded(self, here: str) -> str | None:
        """Return the job of the recording that one of the replay stands for."""
        return self._there.get(here)

    def here(self, value: Any) -> Any:
        """Return an argument of a recorded call with the ids of the replay, also those of which it has a part."""
        if isinstance(value, str):
            return self._here_in(value)
        if isinstance(value, list):
            return [self.here(item) for item in value]
        return {key: self.here(item) for key, item in value.items()} if isinstance(value, dict) else value

    def recorded(self, value: Any) -> Any:
        """Return what a call of the replay returned with the ids of the recording, wherever they are in its texts."""
        if isinstance(value, str):
            return UUID.sub(lambda found: self._there.get(found[0], found[0]), value)
        if isinstance(value, list):
            return [self.recorded(item) for item in value]
        return {key: self.recorded(item) for key, item in value.items()} if isinstance(value, dict) else value

    def _here_in(self, text: str) -> str:
        if text in self._here:
            return self._here[text]
        small = text.lower()
        for recorded, here in self._here.items():
            if len(text) >= _SHORTEST and recorded.startswith(small):
                return here[: len(text)] if text == small else here[: len(text)].upper()
        return text
