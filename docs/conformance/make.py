"""Holds NVFLARE to the contract and writes down what came of it, in this folder.

    python docs/conformance/make.py renew      declare what the installed NVFLARE does not keep, and keep the results
    python docs/conformance/make.py check      judge it with what is declared; nothing else may deviate
    python docs/conformance/make.py table      write the pages: all releases side by side, and what was seen of each
    python docs/conformance/make.py take poc-2.9 report.json
                                               keep what a JSON report of `flare-contract run` says

``renew`` and ``check`` take a Python with NVFLARE, one release after the other; tox has an environment for each. A
clause that is not kept and for which ``reasons.toml`` tells no reason stops ``renew``: nothing is declared without
somebody having looked at NVFLARE's code and at what its servers were seen to do.

``declared/`` holds the deviations, ``found/`` the results, as data. ``README.md`` and ``pages/`` are made of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.clause import Clause
from contract_tests.contract.conclusion import Conclusion, conclude
from contract_tests.contract.levels import Level, levels
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.deviations import Deviation, read, to_toml
from contract_tests.engine.report import Report
from contract_tests.engine.suite_run import run_suite
from contract_tests.system.lookup import factory
from flare_sim import __version__

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent


class Subject(NamedTuple):
    """What is judged: the beginning of its files' names, the system, what the table calls it, and what it is."""

    name: str
    system: str
    title: str
    what: str


SUBJECTS = (
    Subject(
        "session",
        "contract_tests.nvflare_systems:NvflareSystem",
        "Session",
        "NVFLARE's unmodified `Session` class in front of a simulated server that keeps the contract.",
    ),
    Subject(
        "server",
        "contract_tests.nvflare_systems:NvflareServerSystem",
        "Session and server",
        "NVFLARE's unmodified `Session` class in front of a simulated server that behaves as real servers of the "
        "release were seen to.",
    ),
    Subject(
        "served",
        "contract_tests.nvflare_systems:NvflareServedSystem",
        "Over the wire",
        "The same in two processes: NVFLARE's unmodified client in one, in the other what `flare-sim serve` serves, "
        "NVFLARE's own command server with the simulated one behind it. Two examples of each property.",
    ),
)
"""NVFLARE's session class in front of a server that keeps the contract, in front of one like its own, and over the wire
from that."""

ASKED_FOR = ("served",)
"""Subjects that take long: they are judged when they are named."""

LIVE = Subject(
    "poc",
    "tests.poc.system",
    "Live system",
    "A live POC system of NVFLARE, judged within a budget of real time; [poc.md](../poc.md) says how, and why it "
    "breaks what it breaks. What the budget did not reach is *not run*; nothing of it is a pass.",
)
"""NVFLARE as it is: judged by ``tests.poc.run``, kept here."""


# --- judging ----------------------------------------------------------------------------------------------------------


def reasons() -> dict[str, str]:
    """Why each clause is not kept, by its id."""
    return dict(tomllib.loads((HERE / "reasons.toml").read_text(encoding="utf-8")))


def declared(subject: Subject, release: str) -> Path:
    """The file of the deviations that are declared for a subject, as ``flare-contract run --deviations`` takes it."""
    return HERE / "declared" / f"{subject.name}-{release}.toml"


def subjects(release: str) -> list[Subject]:
    """What can be judged with a release of NVFLARE: its server only where it was observed."""
    releases = {"server": ("2.3", "2.9"), "served": ("2.9",)}
    return [subject for subject in SUBJECTS if release in releases.get(subject.name, (release,))]


def judged(subject: Subject, deviations: Sequence[Deviation] = ()) -> Report:
    """What the suite says of a subject."""
    system = factory(subject.system)
    found = run_suite(system, deviations=deviations, jobs=os.cpu_count() or 1, named=subject.system)
    found.system = subject.system
    found.about = {"NVFLARE": version("nvflare"), "flare-sim": __version__}
    return found


def renew(subject: Subject, release: str) -> None:
    """Judge a subject, declare what it does not keep, judge it with that, and keep what was found.

    Raises:
        SystemExit: a clause is not kept, and no reason is told for it.
    """
    known, found = reasons(), judged(subject)
    failures = [check for entry in found.failures for check in entry.checks if check.verdict is entry.verdict]
    unknown = [check for check in failures if check.clause not in known]
    if unknown:
        told = "\n".join(f"{check.clause}: {check.verdict}: {check.message}" for check in unknown)
        raise SystemExit(f"{told}\nreasons.toml tells no reason for these")
    text = to_toml(failures, known)
    declared(subject, release).write_text(text, encoding="utf-8")
    take(f"{subject.name}-{release}", check(subject, release).to_json())


def check(subject: Subject, release: str) -> Report:
    """Judge a subject with what is declared.

    Raises:
        SystemExit: something else is not kept, or something declared is kept by now.
    """
    deviations, problems = read(declared(subject, release), dt.date.min)
    found = judged(subject, deviations)
    found.problems = problems
    sys.stdout.write(f"{subject.title}, NVFLARE {release}: {found.conclusion} {found.counts}\n")
    if found.exit_code:
        told = [f"{entry.clause.id}: {entry.verdict}: {entry.message}" for entry in found.failures]
        raise SystemExit("\n".join([*problems, *told]))
    return found


# --- what is kept of a report -----------------------------------------------------------------------------------------


class Result(NamedTuple):
    """What came of judging a subject with a release: the data of ``found/``. Verdicts and levels follow from it."""

    subject: Subject
    release: str
    held: dict[str, Any]

    @property
    def verdicts(self) -> dict[Clause, Verdict]:
        """The verdict of every clause, in the order of the catalogue."""
        found = {
            clause: Verdict(verdict)
            for verdict, told in self.held["clauses"].items()
            for clause in itertools.chain(*told.values())
        }
        return {clause: found[clause.id] for clause in CATALOGUE if clause.id in found}

    @property
    def conclusion(self) -> Conclusion:
        """What the verdicts add up to."""
        return conclude(self.verdicts.items())

    @property
    def levels(self) -> list[Level]:
        """How much of every level is kept."""
        return levels((clause, verdict) for clause, verdict in self.verdicts.items() if clause.judged)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many clauses have each verdict."""
        found = [*self.verdicts.values()]
        return {verdict: found.count(verdict) for verdict in Verdict if verdict in found}


BROKEN = {*FAILING, Verdict.KNOWN_DEVIATION}
"""Verdicts of a clause that was seen to be broken, declared or not."""

_OF_A_FAILURE = ("inputs", "operations", "expected", "observed")


def compact(report: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a JSON report: the verdict of every clause, and each way in which one was seen to be broken.

    Clauses are listed by their verdict, and below it by what is said of them: why they were not claimed or not run,
    or what was observed. Of checks that failed over the same calls the first is kept.
    """
    clauses: dict[str, dict[str, list[str]]] = {}
    failures: list[dict[str, Any]] = []
    for row in [*report["clauses"], *report["observations"]]:
        broken = [one for one in row["checks"] if Verdict(one["verdict"]) in BROKEN]
        ways = {json.dumps([one[name] for name in _OF_A_FAILURE]): one for one in reversed(broken)}
        kept = [one for one in broken if one in ways.values()]
        failures += [{name: one[name] for name in ("check", *_OF_A_FAILURE)} for one in kept]
        clauses.setdefault(row["verdict"], {}).setdefault("" if broken else row["message"], []).append(row["id"])
    told = ("system", "interface", "about", "seed", "examples")
    return {**{name: report[name] for name in told}, "clauses": clauses, "failures": failures}


def take(name: str, report: str) -> None:
    """Keep what a JSON report says, as the results of that name."""
    text = json.dumps(compact(json.loads(report)), indent=1, ensure_ascii=False)
    (HERE / "found" / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def results() -> list[Result]:
    """All results there are, those of a subject by release."""
    found = [
        Result(subject, path.stem.partition("-")[2], json.loads(path.read_text(encoding="utf-8")))
        for subject in (*SUBJECTS, LIVE)
        for path in (HERE / "found").glob(f"{subject.name}-*.json")
    ]
    order = [subject.name for subject in (*SUBJECTS, LIVE)]
    return sorted(found, key=lambda one: (order.index(one.subject.name), *map(int, one.release.split("."))))


# --- pages ------------------------------------------------------------------------------------------------------------


def groups() -> list[list[Result]]:
    """The results, those together that say the same of one subject in releases that follow one another."""
    found: list[list[Result]] = []
    for result in results():
        last = found[-1][-1] if found else None
        if last and last.subject == result.subject and last.held == {**result.held, "about": last.held["about"]}:
            found[-1].append(result)
        else:
            found.append([result])
    return found


def name_of(group: list[Result]) -> str:
    """The name of the page of a group."""
    ends = [result.release for result in (group[0], group[-1])]
    return f"{group[0].subject.name}-{'-to-'.join(dict.fromkeys(ends))}.md"


def pages() -> dict[str, str]:
    """Every page about a release, or about several in which all is the same, by the name of its file."""
    return {name_of(group): page(group) for group in groups()}


def page(group: list[Result]) -> str:
    """What was seen of a subject: its levels, what it breaks and how, and the verdict of every clause."""
    first, known = group[0], reasons()
    releases = " to ".join(dict.fromkeys([first.release, group[-1].release]))
    if first.subject == LIVE:
        again = f"tox -e poc{first.release.replace('.', '')}"
    else:
        file = f"docs/conformance/declared/{first.subject.name}-{group[-1].release}.toml"
        again = f"flare-contract run {first.held['system']} --deviations {file}"
    about = "; ".join(", ".join(f"{name} {text}" for name, text in one.held["about"].items()) for one in group)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in first.counts.items())
    parts = [
        f"# {first.subject.title}, NVFLARE {releases}",
        first.subject.what,
        f"**{first.conclusion}**, {first.conclusion.extent}: {counts}. Again: `{again}`.",
        f"{about}. Seed {first.held['seed']}, {first.held['examples']} examples per property.",
        table(
            ["level", "reached", "kept"],
            [
                [f"{one.number}. {one.name}", "yes" if one.reached else "no", f"{one.kept} of {one.clauses}"]
                for one in first.levels
            ],
        ),
    ]
    broken = [clause for clause, verdict in first.verdicts.items() if verdict in BROKEN]
    if broken:
        parts.append("## What is not kept")
    for clause in broken:
        reason = [known[clause.id]] if first.subject != LIVE else []
        parts += [f"### {clause.id}", f"> {clause.statement}", *reason]
        parts += [shown(one) for one in first.held["failures"] if one["check"].partition("/")[0] == clause.id]
    silent = [
        [f"`{clause}`", CATALOGUE[clause].statement, cell(text)]
        for text, clauses in first.held["clauses"].get(Verdict.UNDEFINED.value, {}).items()
        for clause in clauses
    ]
    if silent:
        parts += ["## Where the interface is silent", table(["clause", "it asks", "seen"], silent)]
    parts.append("## All other clauses")
    for verdict, said in first.held["clauses"].items():
        lists = [f"{cell(text)}{': ' if text else ''}{names(clauses)}" for text, clauses in said.items()]
        parts += [f"### {verdict}", *lists] if verdict in _LISTED else []
    return "\n\n".join(parts) + "\n"


_LISTED = {Verdict.MET.value, Verdict.NOT_CLAIMED.value, Verdict.NOT_RUN.value}


def names(clauses: Iterable[str]) -> str:
    """The ids of clauses, one after the other."""
    return ", ".join(f"`{clause}`" for clause in clauses)


def shown(failure: dict[str, Any]) -> str:
    """One way in which a clause was seen to be broken."""
    numbers = itertools.count(1)
    done = [f"{'   ' if one.startswith('…') else f'{next(numbers):3}.'} {one}" for one in failure["operations"]]
    inputs = ", ".join(f"{name}={value!r}" for name, value in failure["inputs"].items())
    lines = [
        f"check:    {failure['check']}{f' ({inputs})' if inputs else ''}",
        *done,
        f"expected: {failure['expected']}",
        f"observed: {failure['observed']}",
    ]
    return "\n".join(["```text", *lines, "```"])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], line: str = "---") -> str:
    """A table in Markdown; ``line`` says how all columns but the first are aligned."""
    lines = [heads, ["---", *(line for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cell(text: str) -> str:
    """Text as it is, whatever Markdown would make of it."""
    return "".join(f"\\{one}" if one in "\\`*_<>[]|" else one for one in text)


def front_page() -> str:
    """The page that puts the results side by side."""
    columns = [(group, result) for group in groups() for result in group if result.subject != LIVE]
    heads = [f"[{one.subject.title} {one.release}](pages/{name_of(group)})" for group, one in columns]
    found = [result.verdicts for _, result in columns]
    deviating = [clause for clause in CATALOGUE if any(one.get(clause) is Verdict.KNOWN_DEVIATION for one in found)]
    rows = [
        [f"[`{clause.id}`](#{clause.id.replace('.', '')})", *(_MARKS[one.get(clause)] for one in found)]
        for clause in deviating
    ]
    judged_here = [[verdict for clause, verdict in one.items() if clause.judged] for one in found]
    rows.append(["kept, of all clauses", *(f"{one.count(Verdict.MET)} / {len(one)}" for one in judged_here)])
    known = reasons()
    told = [f"### {clause.id}\n\n> {clause.statement}\n\n{known[clause.id]}" for clause in deviating]
    return "\n\n".join([_HEAD, table(["clause", *heads], rows, ":-:"), _FOOT, *told]) + "\n"


_MARKS = {Verdict.MET: "✓", Verdict.KNOWN_DEVIATION: "**✗**", Verdict.NOT_CLAIMED: "not claimed", None: ""}

_HEAD = """\
# NVFLARE, held to the contract of its own interface

Every release of NVFLARE that has a FLARE API, clause by clause. *Session* is NVFLARE's unmodified `Session` class in \
front of a simulated server that keeps the contract: what deviates there is the class's own doing, and meets everybody \
who uses or subclasses it. *Session and server* is the same class in front of a server that behaves as real servers of \
that release were seen to: what users of the whole system meet. *Over the wire* is that again, with the client in one \
process and the server in another, at an address, as [`flare-sim serve`](../serving.md) serves it. Only clauses that \
deviate somewhere are listed; the page behind the head of a column has them all, with the calls that show each \
deviation. What live systems were seen to keep and to break is in [poc.md](poc.md), beside what a served one does."""

_FOOT = """\
✓ kept, **✗** a known deviation: declared in the release's file in [declared](declared), with its reason and a witness \
that is tried again in every run of `tox -e nvflare23` to `nvflare29`, and over the wire in those of `tox -e \
served29`. `flare-contract run --deviations` takes such a file, for your own subclass of `Session`, too. \
`docs/conformance/make.py` writes this page."""


def write_pages() -> None:
    """Write all pages, and remove those of which nothing tells any more."""
    (HERE / "README.md").write_text(front_page(), encoding="utf-8")
    for path in (HERE / "pages").glob("*.md"):
        path.unlink()
    for name, text in pages().items():
        (HERE / "pages" / name).write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["renew", "check", "table", "take"])
    parser.add_argument("kept", nargs="*", metavar="NAME REPORT", help="for take: the name to keep it by, the report")
    parser.add_argument("--subject", choices=[subject.name for subject in SUBJECTS], help="only this one")
    chosen: Any = parser.parse_args(arguments)
    if len(chosen.kept) != (2 if chosen.what == "take" else 0):
        parser.error("take needs a name and a report; the others need neither")
    if chosen.what == "take":
        name, report = chosen.kept
        take(name, Path(report).read_text(encoding="utf-8"))
    if chosen.what in ("table", "take"):
        write_pages()
        return
    release = ".".join(version("nvflare").split(".")[:2])
    act: Callable[[Subject, str], object] = renew if chosen.what == "renew" else check
    for subject in subjects(release):
        if chosen.subject == subject.name or (chosen.subject is None and subject.name not in ASKED_FOR):
            act(subject, release)


if __name__ == "__main__":
    main()
