"""What holds at every point of any sequence of calls, whoever looks: promises about every job, list and answer.

The other checks try a promise where it is likeliest to break. These walk, and look at it from a drawn place after
every call; which session looks, and at which job, changes from one look to the next.
"""

from __future__ import annotations

from typing import Final

from contract_tests.clauses.always import answers, effects, jobs, lists, metas, monitors, refusals, system_info

CHECKS: Final = (
    *answers.CHECKS,
    *metas.CHECKS,
    *jobs.CHECKS,
    *lists.CHECKS,
    *system_info.CHECKS,
    *refusals.CHECKS,
    *effects.CHECKS,
    *monitors.CHECKS,
)
"""Every check that walks."""
