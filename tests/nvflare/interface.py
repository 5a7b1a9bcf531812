"""The interface of the NVFLARE that is installed, as a flat table: one fact, one line.

python -m tests.nvflare.interface          prints it, as JSON, for a file in tests/nvflare/interfaces
"""

from __future__ import annotations

import ast
import enum
import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

TABLES = Path(__file__).parent / "interfaces"


def installed() -> dict[str, str]:
    """What callers of the FLARE API can see, and what its session asks of the transport: name -> what it is."""
    from nvflare.fuel.flare_api import api_spec, flare_api

    table = dict(_public("api_spec", api_spec))
    table.update(_public("flare_api", flare_api))
    table.update(_asked(ast.parse(inspect.getsource(flare_api))))
    return dict(sorted(table.items()))


def recorded(release: str) -> dict[str, str]:
    """The table of a release, such as ``"2.9"``."""
    table: dict[str, str] = json.loads((TABLES / f"{release}.json").read_text(encoding="utf-8"))
    return table


def difference(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What was added, removed and changed, a line each."""
    lines = []
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            lines += [f"- {name} {before[name]}"] if name in before else []
            lines += [f"+ {name} {after[name]}"] if name in after else []
    return lines


def _public(prefix: str, module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, type):
            yield f"{prefix}.{name}", f"class of {', '.join(base.__name__ for base in value.__bases__)}"
            yield from _members(f"{prefix}.{name}", value)
        elif inspect.isfunction(value):
            yield f"{prefix}.{name}", _signature(value)


def _members(prefix: str, cls: type) -> Iterator[tuple[str, str]]:
    for name, value in vars(cls).items():
        if name.startswith("_") and name != "__init__":
            continue
        function = getattr(value, "__func__", value)
        if isinstance(value, enum.Enum):
            yield f"{prefix}.{name}", f"= {value.value!r}"
        elif inspect.isfunction(function):
            yield f"{prefix}.{name}", _signature(function) + " abstract" * _is_abstract(function)
        elif isinstance(value, (str, int, float)):
            yield f"{prefix}.{name}", f"= {value!r}"


def _is_abstract(function: Any) -> bool:
    return bool(getattr(function, "__isabstractmethod__", False))


def _signature(function: Any) -> str:
    """Names, kinds and defaults; annotations say the same in another way in another Python."""
    signature = inspect.signature(function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def _asked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What the module makes its AdminAPI with, what it asks of it and of time, and the commands it sends."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AdminAPI":
            yield "transport.AdminAPI", f"({', '.join(str(keyword.arg) for keyword in node.keywords)})"
        if isinstance(node, ast.Attribute):
            whose = ast.unparse(node.value)
            if whose == "self.api":
                yield f"transport.api.{node.attr}", "used"
            elif whose == "time":
                yield f"transport.time.{node.attr}", "used"
            elif whose == "AdminCommandNames":
                yield f"transport.command.{node.attr}", "sent"


if __name__ == "__main__":
    json.dump(installed(), sys.stdout, indent=1)
    sys.stdout.write("\n")
