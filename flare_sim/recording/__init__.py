"""Records what any session is asked and answers, and replays it against a simulated server.

>>> from flare_sim import SimulatedServer
>>> from flare_sim.recording import record, replay
>>> with record(SimulatedServer().connect(), "calls.jsonl") as session:  # doctest: +SKIP
...     session.list_jobs()
>>> print(replay("calls.jsonl"))  # doctest: +SKIP
2 calls replayed: 2 agree.

A recording is a file of JSON lines that people can read: sessions, the jobs that were submitted, and a line for each
call, written when the call is over.  A replay makes the same calls at the same times of a virtual clock, and tells what
turned out otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim import loaded_when_used

if TYPE_CHECKING:
    from flare_sim.recording.recorder import Recorder, record
    from flare_sim.recording.recording import BadRecording, Recording
    from flare_sim.recording.replays.comparison import Difference
    from flare_sim.recording.replays.replay import Replay, replay
    from flare_sim.recording.replays.scenario_of import scenario_of

__all__ = ["BadRecording", "Difference", "Recorder", "Recording", "Replay", "record", "replay", "scenario_of"]

_HOMES = {
    "replays.comparison": ("Difference",),
    "recorder": ("Recorder", "record"),
    "recording": ("BadRecording", "Recording"),
    "replays.replay": ("Replay", "replay"),
    "replays.scenario_of": ("scenario_of",),
}

__getattr__, __dir__ = loaded_when_used(__name__, _HOMES)
