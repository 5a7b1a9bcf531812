"""Reads YAML as OmegaConf does, which is what NVFLARE reads ``.yml`` files with since 2.4."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flare_sim.jobs.formats.failures import DEEPEST, OWN_LIMIT, BeyondSimulator, check_growth, check_size

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["parse_yaml"]

_MOST: Final = 16_384
_MOST_NODES: Final = 1_000
"""OmegaConf takes up to 200 microseconds for each; those that aliases stand for count, too."""
_MOST_DIGITS: Final = 3_000
"""Python writes no number of more than 4,300 decimal digits, and some are written in others."""
_MARK: Final = re.compile(r"(?<!\\)\\*\$\{|[}:]")
_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9a-fA-Fox_:.]*")


def parse_yaml(text: str) -> Any:
    """Return what YAML says, in dicts, lists and scalars, its ``${references}`` replaced.

    Raises:
        BeyondSimulator: it asks for something outside, is nested too deeply, or larger than the simulator reads.
        Exception: it is no YAML that OmegaConf takes; what that or PyYAML raises.
    """
    check_size(text, _MOST, "YAML")
    check_growth(len(text), text.count("${"))
    from omegaconf import OmegaConf
    from yaml import YAMLError

    with suppress(YAMLError):  # what is broken is so to OmegaConf as well, which may tell of something before it
        _survey(text)

    config = OmegaConf.create(text)
    if "${" in text:
        _check_references(OmegaConf.to_container(config), len(text))
    return OmegaConf.to_container(config, resolve=True)


def _survey(text: str) -> None:
    """Refuse what would be too deep, or too large when each alias is replaced by what it stands for."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sizes: dict[str | None, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    nodes = 0
    for event in yaml.parse(text, Loader=loader):
        anchor: str | None = getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((anchor, nodes))
            nodes += 1
            if len(open_nodes) > DEEPEST:
                raise BeyondSimulator(f"is nested more than {DEEPEST} deep, {OWN_LIMIT}")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            sizes[anchor] = nodes - before
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == above for above, _ in open_nodes):
                raise BeyondSimulator(f"has an alias, *{anchor}, inside of what it stands for")
            nodes += sizes.get(anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            if len(event.value) > _MOST_DIGITS and _NUMBER.fullmatch(event.value):
                raise BeyondSimulator(f"has a number of more than {_MOST_DIGITS:,} digits, {OWN_LIMIT}")
        if nodes > _MOST_NODES:
            raise BeyondSimulator(f"has more than {_MOST_NODES:,} keys and values, aliases included, {OWN_LIMIT}")


def _check_references(value: Any, length: int) -> None:
    """Refuse references that call something, as ``${oc.env:HOME}`` does, or could multiply what is there."""
    references = depth = 0
    for text in _texts(value):
        for match in _MARK.finditer(text):
            mark = match.group()
            if mark == "}":
                depth = max(depth - 1, 0)
            elif mark == ":":
                if depth:
                    raise BeyondSimulator(
                        f"has {text!r}, which a server looks up outside of it; the simulator reads nothing else"
                    )
            elif depth or len(mark) % 2 == 0:
                depth += 1
                references += 1
        depth = 0
    check_growth(length, references)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
