"""A report in the terminal: the table of clauses, what was observed, the failures by cause, and the verdict last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Final

from contract_tests.contract.clause import Clause
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.report import ClauseReport, Report
from contract_tests.plain_text import printable
from contract_tests.report import not_claimed
from contract_tests.report.failures.causes import by_cause
from contract_tests.report.failures.text import finding, wrapped
from contract_tests.report.output import take_everything

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.table import Table

    from contract_tests.engine.differential import Divergence
    from contract_tests.report.tables import Rows

_STYLES: Final = {
    Verdict.MET: "green",
    Verdict.VIOLATED: "bold red",
    Verdict.STALE_DEVIATION: "bold red",
    Verdict.NOT_TESTABLE: "bold red",
    Verdict.SUITE_ERROR: "bold magenta",
    Verdict.KNOWN_DEVIATION: "yellow",
    Verdict.NOT_CLAIMED: "cyan",
    Verdict.UNDEFINED: "blue",
    Verdict.NOT_RUN: "dim",
}

_FEW: Final = 4
"""Clauses that are named where a level lacks no more."""

_VERDICT_STYLES: Final = {
    Overall.CONFORMANT: "bold green",
    Overall.WITH_DEVIATIONS: "bold yellow",
    Overall.AT_LEVEL: "bold cyan",
    Overall.UNPROVEN: "bold",
    Overall.PARTIAL: "bold",
    Overall.NON_CONFORMANT: "bold red",
    Overall.ERROR: "bold magenta",
}


def console(file: IO[str] | None = None, *, stderr: bool = False) -> Console:
    """A console: colors on a terminal only; as wide as that, or as ``COLUMNS`` says, else 80.

    What it prints is text: nothing in it is markup, and what can't be printed is escaped.
    """
    from rich.console import Console

    class Plain(Console):
        """One that leaves it to others what is done when nobody reads on."""

        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 - rich calls this while it handles the error

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=printable(segment.text))

    made = Plain(file=file, stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    take_everything(made.file)
    return made


def show(report: Report, out: Console, *, quiet: bool = False, slowest: int = 0) -> None:
    """Print a report, its failures by cause in a line each; quietly, only their ids by cause, and the verdict.

    Before them, if they are asked for, so many of the clauses that took longest.
    """
    if not quiet:
        out.print(_clauses(report))
        if any(entry.checks for entry in report.observations):
            out.print(_observations(report))
        if report.openings:
            out.print(_openings(report))
            out.print(not_claimed.HINT, soft_wrap=True, end="\n\n")
    if slowest:
        out.print(_slowest(report, slowest))
    for note in report.notes:
        out.print(f"note: {note}", soft_wrap=not out.is_terminal)
    for line in _failures(report, out.width, quiet=quiet):
        out.print(line, soft_wrap=True)
    _verdict(report, out)


def _failures(report: Report, width: int, *, quiet: bool) -> Iterator[str]:
    """The failures by cause: a line for each, no wider than the terminal; quietly, those of a cause in a paragraph."""
    causes = by_cause(report.failures)
    if quiet and causes and not causes[0].head:
        return  # none of them stands with another
    if causes:
        yield f"What is not kept ({len(report.failures)}){', by cause' if causes[0].head else ''}"
    for cause in causes:
        if cause.head:
            yield wrapped(f"  {cause.head} ({len(cause.failures)})", width)
        told = [failure.clause.id for failure in cause.failures]
        if quiet:
            yield wrapped(f"    {', '.join(told)}", width)
            continue
        longest = max(map(len, told))
        for failure in cause.failures:
            line = f"    {failure.clause.id:{longest}}  {finding(failure.deciding)}"
            yield line if len(line) <= width else f"{line[: width - 1]}…"
    if causes and not quiet:
        yield ""


def _clauses(report: Report) -> Rows:
    from rich.text import Text

    from contract_tests.report.tables import Rows

    table = Rows(f"FLARE API, clause by clause: {report.system}", "clause", "level", "verdict", "promise")
    previous = ""
    for entry in report.clauses:
        if entry.verdict is Verdict.NOT_RUN:
            continue  # what was left out is told by its number
        if previous not in ("", entry.clause.part):
            table.add_section()
        previous = entry.clause.part
        verdict = Text(str(entry.verdict), style=_STYLES[entry.verdict])
        table.add_row(entry.clause.id, entry.clause.level, verdict, Text(entry.clause.statement))
    return table


def _observations(report: Report) -> Rows:
    from rich.text import Text

    from contract_tests.report.tables import Rows

    table = Rows("Where the interface is silent", "clause", "verdict", "observed")
    for entry in report.observations:
        table.add_row(
            entry.clause.id,
            Text(str(entry.verdict), style=_STYLES[entry.verdict]),
            Text(_seen(entry) or "nothing"),
        )
    return table


def _openings(report: Report) -> Rows:

    from contract_tests.report.tables import Rows

    table = Rows(not_claimed.TITLE, "opens", "what of System")
    for what, count in not_claimed.steps(report):
        table.add_row(str(count), what)
    return table


def _slowest(report: Report, most: int) -> Rows:
    from contract_tests.report.tables import Rows

    table = Rows("What took longest, in seconds", "took", "clause", "checks", "examples")
    entries = {entry.clause.id: entry for entry in [*report.clauses, *report.observations]}
    for name, seconds in list(report.seconds.items())[:most]:
        checks = entries[name].checks
        table.add_row(f"{seconds:.3f}", name, str(len(checks)), str(sum(check.examples for check in checks)))
    return table


def _seen(entry: ClauseReport) -> str:
    return "; ".join(check.message for check in entry.checks if check.message)


def no_verdict(check: str, how: str) -> str:
    """What is said of a run that was ended while it tried a check; that has no id when it tried none."""
    clause = check.partition("/")[0]
    what = f"while clause {clause} was tried (check {check})" if check else "while no clause was tried"
    return f"no verdict: something ended the process {what}: {how}"


def _verdict(report: Report, out: Console) -> None:
    from rich.text import Text

    counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts.items())
    found = report.conclusion
    line = Text.assemble(
        ("verdict: ", "bold"), (str(found), _VERDICT_STYLES[found.overall]), f"  ({found.extent}: {counts}; "
    )
    line.append(f"seed {report.settings.seed}, {report.settings.examples} examples per property)")
    for problem in report.problems:
        out.print(f"known deviations: {problem}", soft_wrap=True)
    told = ", ".join(f"{level.number} {level.name}" for level in report.levels if level.reached) or "none"
    following = next((level for level in report.levels if not level.reached), None)
    lacking = f"; of {following.number} {following.name} {following.kept} of {following.clauses}" if following else ""
    in_the_way = report.in_the_way(following) if following else []
    if 0 < len(in_the_way) <= _FEW:
        lacking += f", without {', '.join(entry.clause.id for entry in in_the_way)}"
    for text in (f"levels reached: {told}{lacking}", line):
        out.print(text, soft_wrap=not out.is_terminal)  # whoever reads it otherwise may look for lines


def clause_table(clauses: list[Clause]) -> Rows:
    """The catalogue, or a part of it, as a table."""
    from rich.text import Text

    from contract_tests.report.tables import Rows

    table = Rows("The contract of the FLARE API", "clause", "level", "basis", "promise")
    for clause in clauses:
        words = Text(f"\nrests on: {clause.words}" if clause.words else "", style="dim")
        table.add_row(clause.id, clause.level, clause.basis, Text(clause.statement) + words)
    return table


def divergence_table(found: Divergence, first: str, second: str) -> Table:
    """Two systems side by side at the first call that turned out differently."""
    from rich.text import Text

    from contract_tests.report.tables import side_by_side

    table = side_by_side("The same calls on two systems", "", first, second)
    for line in found.done:
        table.add_row("same", Text(line), "")
    table.add_row("differs", Text(f"{found.call}\n{found.first}"), Text(f"{found.call}\n{found.second}"))
    return table
