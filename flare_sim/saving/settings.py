"""What a server was made with, as it is written and read.

A behavior that is a function is code, and no file holds code: its name is written, and it has to be given again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flare_sim.config import ServerConfig, checked_progress
from flare_sim.engine.state import ServerState
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.personality.personalities import PERSONALITIES, personality_of
from flare_sim.saving.job_rows import USER
from flare_sim.saving.records import BadState
from flare_sim.saving.shapes import NUMBER, TEXT, TICK, WHOLE, Shape, read_fields, table_of, tuple_of, wrong
from flare_sim.untrusted_values import plain_name, plain_text
from flare_sim.users import user_table

if TYPE_CHECKING:
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.engine.runs.run import Run
    from flare_sim.saving.parts import Parts

__all__ = ["NamedFunction", "read_settings", "written_settings"]

_CONFIG: Mapping[str, Shape] = {name: TEXT if name == "project" else NUMBER for name in ServerConfig._fields}
_SETTINGS: Mapping[str, Shape] = {
    "seed": WHOLE,
    "progress": TEXT,
    "personality": TEXT,
    "quirks": tuple_of(TEXT),
    "users": tuple_of(USER),
    "now": TICK,
}


class NamedFunction:
    """A behavior that is a function, or stands for one that has to be given again.

    Args:
        function: what is called; None when it is not known yet, and nobody is to ask it.
        name: its name, to be told of.

    Attributes:
        asked: whether somebody did.
    """

    def __init__(self, function: Callable[[Run], JobBehavior | None] | None, name: str = "") -> None:
        self.name = name or _name_of(function)
        self.asked = False
        self._function = function

    def __call__(self, run: Run) -> JobBehavior | None:
        """Ask it what a run does."""
        self.asked = True
        return None if self._function is None else self._function(run)


def written_settings(state: ServerState, parts: Parts) -> dict[str, Any]:
    """Return what a server was made with, and the time it is there."""
    own = PERSONALITIES[state.personality].quirks if state.personality else frozenset()
    values = {
        "seed": state.seed,
        "progress": state.progress,
        "personality": state.personality,
        "quirks": sorted(state.quirks - own),
        "users": state.users.values(),
        "now": state.now,
    }
    return {
        **{name: shape.write(values[name]) for name, shape in _SETTINGS.items()},
        "config": state.config._asdict(),
        "behavior": _written_behavior(state.behavior, parts),
    }


def read_settings(value: Any, parts: Parts) -> ServerState:
    """Return the state of a server that has nothing yet but what it was made with, and its users.

    Raises:
        BadState: it is none.
    """
    shapes = {**_SETTINGS, "config": Shape(dict, _read_config), "behavior": Shape(dict, _behavior_reader(parts))}
    given = read_fields(shapes, value, "server")
    try:
        personality = personality_of(given["personality"] or None, given["quirks"])
        users = user_table(given["users"])
        config, progress = given["config"].checked(), checked_progress(given["progress"])
    except ValueError as problem:
        raise BadState(f"holds wrong data: {problem}") from None
    state = ServerState(given["seed"], given["now"], (), config, given["behavior"], progress, personality)
    state.users = users
    return state


def _read_config(value: Any, place: str) -> ServerConfig:
    return ServerConfig(**read_fields(_CONFIG, value, place, optional=_CONFIG))


def _written_behavior(behavior: BehaviorSource, parts: Parts) -> dict[str, Any]:
    if behavior is None:
        return {}
    if isinstance(behavior, JobBehavior):
        return {"all": parts.behavior.write(behavior)}
    if isinstance(behavior, Mapping):
        return {"by_name": table_of(_turns(parts)).write(behavior)}
    return {"function": behavior.name if isinstance(behavior, NamedFunction) else _name_of(behavior)}


def _behavior_reader(parts: Parts) -> Any:
    shapes = {"all": parts.behavior, "by_name": table_of(_turns(parts)), "function": TEXT}

    def read(value: Any, place: str) -> BehaviorSource:
        given = read_fields(shapes, value, place, optional=shapes)
        if len(given) > 1:
            raise wrong(place, "one of its kinds", value)
        for kind, behavior in given.items():
            return NamedFunction(None, behavior) if kind == "function" else behavior
        return None

    return read


def _turns(parts: Parts) -> Shape:
    """Return the shape of what is said under a name: one behavior, or those of one job after the other."""
    several = tuple_of(parts.behavior)

    def write(said: Any) -> Any:
        return several.write(said) if type(said) is tuple else parts.behavior.write(said)

    def read(value: Any, place: str) -> Any:
        if type(value) is not list:
            return parts.behavior.read(value, place)
        if len(value) < 2:
            raise wrong(place, "two behaviors or more", value)
        return several.read(value, place)

    return Shape(write, read)


def _name_of(function: object) -> str:
    """Return what a function is called, without running code of its own."""
    kind = type(function)
    if kind.__module__ != "builtins":
        return f"a {plain_name(function)}"
    names = [plain_text(getattr(function, name, None)) for name in ("__module__", "__qualname__")]
    return ".".join(name for name in names if name) or f"a {plain_name(function)}"
