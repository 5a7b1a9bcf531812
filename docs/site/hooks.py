"""What MkDocs is told beyond `mkdocs.yml`: documents outside of docs, and the reference from docstrings, as pages."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.structure.files import File

import contract_tests
import flare_sim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[2]
_LINK: Final = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_INSIDE: Final = "docs/"
_FRONT: Final = "README.md"
_REFERENCES: Final = {
    "api/twin.md": ("The twin: flare_sim", flare_sim),
    "api/suite.md": ("The suite: contract_tests", contract_tests),
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not below docs."""
    for path in _outside():
        files.append(File.generated(config, _uri(path), content=(ROOT / path).read_text(encoding="utf-8")))
    for folder in _without_front():
        files.append(File.generated(config, _uri(f"{folder}/{_FRONT}"), content=_listing(ROOT / folder)))
    for uri, (title, package) in _REFERENCES.items():
        files.append(File.generated(config, uri, content=_reference(title, package)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to pages, wherever the files lie that they name; code is left as it is."""
    path = _path(page.file.src_uri)

    def there(link: re.Match[str]) -> str:
        opening, target, closing = link.groups()
        if "://" in target:
            return link.group()
        named = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if (ROOT / named).is_dir():
            named = posixpath.join(named, _FRONT)
        uri = posixpath.relpath(_uri(named), posixpath.dirname(page.file.src_uri) or ".")
        return f"{opening}{uri}{closing}"

    parts, end = [], 0
    for code in _FENCED.finditer(markdown):
        parts += [_LINK.sub(there, markdown[end : code.start()]), code.group()]
        end = code.end()
    return "".join([*parts, _LINK.sub(there, markdown[end:])])


def _outside() -> Iterator[str]:
    """The documents that are not below docs, and what they link to."""
    yield from (path.name for path in sorted(ROOT.glob("*.md")))
    yield "LICENSE"
    for path in sorted((ROOT / "examples").rglob("*")):
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(ROOT).parts):
            yield path.relative_to(ROOT).as_posix()


def _without_front() -> Iterator[str]:
    """The folders with files that documents link to and that have no page of their own."""
    for top in ("examples", "docs/conformance"):
        for folder in sorted(path for path in (ROOT / top).iterdir() if path.is_dir()):
            if not folder.name.startswith((".", "_")) and not (folder / _FRONT).exists():
                yield folder.relative_to(ROOT).as_posix()


def _listing(folder: Path) -> str:
    """A page of what is in a folder."""
    lines = [f"# {folder.name}", ""]
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        language = path.suffix.removeprefix(".")
        lines += [
            f"## {path.relative_to(folder).as_posix()}",
            "",
            f"````{language}",
            path.read_text(encoding="utf-8").rstrip(),
            "````",
            "",
        ]
    return "\n".join(lines)


def _uri(path: str) -> str:
    """Where a file of the tree is on the site."""
    return "index.md" if path == _FRONT else path.removeprefix(_INSIDE)


def _path(uri: str) -> str:
    """The file of the tree that a page is made of."""
    if uri == "index.md":
        return _FRONT
    return _INSIDE + uri if (ROOT / "docs" / uri).exists() else uri


def _reference(title: str, package: Any) -> str:
    """A page of all that a package offers, each where it is defined."""
    lines = [f"# {title}", "", f"::: {package.__name__}", "    options: {members: false, show_root_heading: false}", ""]
    for name in sorted(package.__all__, key=str.lower):
        offered = getattr(package, name)
        if hasattr(offered, "__module__") and hasattr(offered, "__qualname__"):
            lines += [f"::: {offered.__module__}.{offered.__qualname__}", ""]
    return "\n".join(lines)
