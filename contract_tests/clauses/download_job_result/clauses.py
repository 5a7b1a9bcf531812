"""What the interface says about `download_job_result`, one clause a sentence.

Their ids begin with `download.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, Promises

_PROMISE: Final = Promises("download_job_result: the folder's name, and what is unpacked into it")

CLAUSES: Final = (
    _PROMISE.must(
        "download.text",
        "stated",
        LIFECYCLE,
        "download_job_result returns a str.",
        words="download_job_result, signature; download_job_result, Returns",
    ),
    _PROMISE.must(
        "download.folder",
        "stated",
        LIFECYCLE,
        "For a finished job within the size limit it is the path of a folder.",
        words="download_job_result, Returns; download_job_result, If the job size is smaller",
    ),
    _PROMISE.must(
        "download.content",
        "implied",
        LIFECYCLE,
        "The folder of a job that ran to its end is not empty.",
        words="download_job_result, Download result of the job",
    ),
    _PROMISE.must(
        "download.own-result",
        "implied",
        LIFECYCLE,
        "The folder holds what this job left behind, and no other job.",
        words="download_job_result, Download result of the job",
    ),
    _PROMISE.must(
        "download.repeat",
        "implied",
        LIFECYCLE,
        "A result can be downloaded again.",
        "what a first download leaves",
        words="download_job_result, Download result of the job",
    ),
    _PROMISE.must(
        "download.apart",
        "implied",
        LIFECYCLE,
        "Results of two jobs are in two folders, neither inside the other.",
        "how the folder is named",
        words="download_job_result, Returns",
    ),
    _PROMISE.must(
        "download.oversize",
        "implied",
        LIFECYCLE,
        "For a result above the server's size limit it is a location, not a local folder.",
        "what is done with the server's location",
        words="download_job_result, If the size of the job is larger",
    ),
    _PROMISE.must(
        "download.no-effect",
        "implied",
        LIFECYCLE,
        "Downloading has no effect on any job.",
        words="download_job_result, Download result of the job",
    ),
    _PROMISE.silent("download.unfinished", LIFECYCLE, "What a download of a job that is not done gives."),
)
