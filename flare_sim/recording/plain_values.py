"""Values of calls as JSON has them: what a call was given and what it returned, without running anybody's code.

What JSON does not have is an object with the key ``$type``: records of the interface with their parts, members of
enumerations with their names, bytes in base64, and for anything else a short text.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from enum import Enum
from math import isfinite
from typing import Any

from flare_sim.untrusted_values import plain_bytes, plain_items, plain_list, plain_number, plain_path, plain_text, shown

__all__ = ["TYPE", "from_plain", "plain"]

TYPE = "$type"
"""The key of an object that stands for something JSON does not have."""
_DEEPEST = 40
_LARGEST = 10**300
_RECORDS = {
    "SystemInfo": ("server_info", "client_info", "job_info"),
    "ServerInfo": ("status", "start_time"),
    "ClientInfo": ("name", "last_connect_time"),
    "JobInfo": ("job_id", "app_name"),
}
"""Classes of the interface, whoever wrote them, by name: their parts."""


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """Return a value as JSON has it; nothing is raised, and nothing of it is kept."""
    if value is None or value is True or value is False or type(value) is str:
        return value
    if issubclass(type(value), Enum):
        return {TYPE: type(value).__name__, "name": value.name}
    text, number, data = plain_path(value), plain_number(value), plain_bytes(value)
    if text is not None:
        return text
    if type(number) is float:
        return number if isfinite(number) else {TYPE: "float", "text": repr(number)}
    if number is not None and abs(number) < _LARGEST:
        return number
    if data is not None:
        return {TYPE: "bytes", "base64": b64encode(data).decode()}
    return _with_parts(value, depth)


def _with_parts(value: Any, depth: int) -> Any:
    kind = type(value).__name__
    if depth and kind in _RECORDS and (parts := _parts(value, _RECORDS[kind])) is not None:
        return {TYPE: kind, **{name: plain(part, depth - 1) for name, part in parts.items()}}
    if depth and issubclass(type(value), dict):
        items = [(plain_text(key), item) for key, item in plain_items(value) or ()]
        if all(key is not None for key, _ in items):
            return {key: plain(item, depth - 1) for key, item in items}
    elif depth and issubclass(type(value), (list, tuple)):
        return [plain(item, depth - 1) for item in plain_list(value) or ()]
    return {TYPE: kind, "text": shown(value)}


def from_plain(value: Any) -> Any:
    """Return the value that an argument was given as, as far as that can be told."""
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(TYPE)
    if kind == "float" and value.get("text") in ("nan", "inf", "-inf"):
        return float(value["text"])
    if kind == "bytes" and isinstance(value.get("base64"), str):
        return b64decode(value["base64"])
    return {key: from_plain(item) for key, item in value.items()}


def _parts(value: Any, names: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the attributes of a record, None where it has others."""
    own = getattr(value, "__dict__", None)
    return {name: own[name] for name in names} if isinstance(own, dict) and own.keys() >= set(names) else None
