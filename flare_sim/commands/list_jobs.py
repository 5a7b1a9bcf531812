"""The command that lists jobs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from flare_sim.commands.job_meta import STUDY, job_duration, job_line, job_meta, made_meta
from flare_sim.commands.protocol import MetaStatus, Reply
from flare_sim.commands.request import Request, ok, refused, said
from flare_sim.commands.submit_tokens import refusal_of, token_in
from flare_sim.personality.quirks import (
    IDS_IN_ANY_CASE,
    LIST_ERRORS_INTERNAL,
    LIST_ERRORS_SHOW_USAGE,
    META_HAS_STUDY,
    NAMELESS_BREAKS_LIST,
    NEGATIVE_LIMIT,
    ODD_NAME_BREAKS_LIST,
    OWN_JOB_ID,
    SUBMIT_TOKENS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.engine.job import Job

__all__ = ["list_jobs"]

_FEW = 50
"""Of no more jobs than this the metas are kept, as they may be asked for again; those of many would fill the memory."""


def list_jobs(request: Request, _: None) -> Reply:
    """List the jobs asked for, the oldest first unless asked otherwise."""
    server = request.server
    now, quirks = server.timeline.now, server.quirks
    args, token = request.command.args, ""
    try:
        if SUBMIT_TOKENS in quirks:
            args, token = token_in(args)
        options = _options(args)
        limit = _limit(options["-m"], signed=NEGATIVE_LIMIT in quirks)
    except ValueError as problem:
        info = f"{problem}\n{_usage(SUBMIT_TOKENS in quirks)}" if LIST_ERRORS_SHOW_USAGE in quirks else str(problem)
        if LIST_ERRORS_INTERNAL in quirks:
            return refused(request, MetaStatus.INTERNAL_ERROR, f"ValueError: {info}")
        return refused(request, MetaStatus.SYNTAX_ERROR, info)
    newest = _asked_for(request, options, token)
    if isinstance(newest, Reply):
        return newest
    jobs = list(newest if limit <= 0 else islice(newest, min(limit, len(server.store))))
    if limit < 0:
        del jobs[limit:]
    if not options["-r"]:
        jobs.reverse()
    if not jobs:
        text = "No jobs matching the specified criteria." if len(server.store) else "No jobs found."
        return ok(request, jobs=[], data=said(text))
    return _detailed(request, jobs, now, quirks) if options["-d"] else _plain(request, jobs, now, quirks)


def _asked_for(request: Request, options: dict[str, str], token: str) -> Iterator[Job] | Reply:
    """Return the jobs that options and token leave, the newest first, or the reply when these can't be told."""
    server, user = request.server, request.user.name
    prefix, name = options[""], options["-n"].lower()
    record = server.tokens.get((user, token))
    refusal = None if record is None else refusal_of(request, record)
    if refusal is not None:
        return refusal
    odd = _odd_name(request, prefix, name) if not token else None
    if odd is not None:
        info = f"AttributeError: '{odd}' object has no attribute 'lower'"
        return refused(request, MetaStatus.INTERNAL_ERROR, info)
    store, any_case = server.store, IDS_IN_ANY_CASE in server.quirks
    written = str.lower if any_case else str
    if token:
        job = None if record is None else store.get(record.job_id)
        jobs = iter(() if job is None else (job,))
    elif prefix:
        whole = None if OWN_JOB_ID in server.quirks else store.get(prefix)  # then none begins with another
        jobs = iter((whole,)) if whole is not None else store.with_id(prefix, any_case=any_case)
    elif name:
        jobs = store.with_name(name)
    else:
        return store.of(user) if options["-u"] else reversed(store)
    return (
        job
        for job in jobs
        if (not options["-u"] or job.submitter.name == user)
        and written(job.job_id).startswith(written(prefix))
        and job.definition.name.lower().startswith(name)
    )


def _odd_name(request: Request, prefix: str, name: str) -> str | None:
    """Return the type of the name that the server falls over, of anybody's job, None when it falls over none."""
    server, quirks = request.server, request.server.quirks
    nameless = bool(name) and NAMELESS_BREAKS_LIST in quirks
    if not nameless and ODD_NAME_BREAKS_LIST not in quirks:
        return None
    begins = prefix.lower() if nameless else ""
    odd = (job for job in server.store.oddly_named.values() if job.job_id.lower().startswith(begins))
    return next((job.definition.name_type for job in odd if nameless or job.definition.name_type != "NoneType"), None)


def _detailed(request: Request, jobs: list[Job], now: int, quirks: frozenset[str]) -> Reply:
    listed = []
    meta_of = job_meta if len(jobs) <= _FEW else made_meta
    for job in jobs:
        meta = meta_of(job, quirks)
        meta["duration"] = job_duration(job, now, quirks)
        listed.append(meta)
    return ok(request, jobs=listed, data=tuple(("dict", meta) for meta in listed))


def _plain(request: Request, jobs: list[Job], now: int, quirks: frozenset[str]) -> Reply:
    lines = [job_line(job, now, quirks) for job in jobs]
    rows = [["JOB ID", "NAME", "STATUS", "SUBMIT TIME", "RUN DURATION"], *([*line.values()] for line in lines)]
    if META_HAS_STUDY in quirks:
        for line in lines:
            line["study"] = STUDY
    return ok(request, jobs=lines, data=(("table", rows), ("success", "")))


def _options(args: tuple[str, ...]) -> dict[str, str]:
    """Read ``[-d] [-u] [-r] [-n NAME] [-m NUMBER] [ID]``; an option not given is ``""``.

    Raises:
        ValueError: anything else.
    """
    options = {"-d": "", "-u": "", "-r": "", "-n": "", "-m": "", "": ""}
    words = iter(args)
    for word in words:
        if word in ("-n", "-m"):
            options[word] = next(words, "")
            if not options[word] or (options[word].startswith("-") and not _is_number(options[word][1:])):
                raise ValueError(f"argument {word}: expected one argument")
        elif word in ("-d", "-u", "-r"):
            options[word] = word
        elif word.startswith("-") or options[""]:
            raise ValueError(f"unrecognized arguments: {word[:80]}")
        else:
            options[""] = word
    return options


def _usage(tokens: bool) -> str:
    """Return what a server says of the options, as Python 3.10 and later lay it out; with those of submit tokens."""
    synopsis = "[--submit-token SUBMIT_TOKEN]\n                 [job_id]" if tokens else "[job_id]"
    width = 24 if tokens else 10
    told = {
        "-d": "Show detailed list",
        "-u": "List jobs submitted by the same user",
        "-r": "List jobs in reverse order of submission time",
        "-n N": "Filter by job name prefix",
        "-m M": "Maximum number of jobs that will be listed",
    }
    lines = [f"  {option}".ljust(width) + meaning for option, meaning in told.items()]
    if tokens:
        lines += ["  --submit-token SUBMIT_TOKEN", " " * width + "retry-safe submit token"]
    usage = f"usage: list_jobs [-d] [-u] [-r] [-n N] [-m M] {synopsis}"
    return "\n".join(
        (usage, "", "positional arguments:", "  job_id".ljust(width) + "Job ID prefix", "", "options:", *lines, "")
    )


def _limit(text: str, *, signed: bool) -> int:
    negative = signed and text.startswith("-")  # then a number follows, or it were no argument
    if text and not negative and not _is_number(text):
        raise ValueError(f"argument -m: invalid int value: {text[:80]!r}")
    return int(text or 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4300  # longer ones Python does not read
