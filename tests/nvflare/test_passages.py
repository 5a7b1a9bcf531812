"""The passages that clauses point at are those of NVFLARE's own interface."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any, Final

import nvflare.fuel.flare_api.api_spec as api_spec

from contract_tests.contract.passages import PASSAGES

RELEASE: Final = ".".join(version("nvflare").split(".")[:2])
"""The release that is installed."""

GONE: Final = {key: {"list_jobs, Args: all", "job_monitor_cb_signature, Args: job_mea"} for key in ("2.8", "2.9")}
"""What later releases say otherwise, or no more."""


def found(name: str) -> Any:
    """What is called so in the interface."""
    return getattr(api_spec.SessionSpec, name, None) or getattr(api_spec, name, None)


def holds(thing: Any, passage: str) -> bool:
    """Whether there is such a passage: a method of a class, an argument, or words of the docstring."""
    if passage in ("signature", "members"):
        return callable(thing) if passage == "signature" else bool(list(thing))
    if passage.startswith("__"):
        return passage in vars(thing)
    text = " ".join((inspect.getdoc(thing) or "").split())
    heading, colon, argument = passage.partition(": ")
    return f"{argument}:" in text.partition(f"{heading}:")[2] if colon else passage in text


def test_the_interface_has_every_passage() -> None:
    """All of them in 2.3, whose interface the contract is about; later releases lack a few."""
    lacking = {
        ", ".join((name, *([passage] if passage else [])))
        for name, passages in PASSAGES.items()
        for passage in (passages or ("",))
        if found(name) is None or (passage and not holds(found(name), passage))
    }

    assert lacking == GONE.get(RELEASE, set())
