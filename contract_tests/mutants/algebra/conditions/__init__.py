"""When something goes wrong: conditions of a call, and of the job it is about. They compose with ``&``, ``|``, ``~``.

A condition is true of a `Call`, and says so in words that continue a sentence: "raises KeyError" *for a clone*. Those
about a job are as true of a call that is about it as of an entry of a list, or of the call that made it.
"""

from __future__ import annotations

from contract_tests.mutants.algebra.conditions.calls import *  # noqa: F403
from contract_tests.mutants.algebra.conditions.condition import *  # noqa: F403
from contract_tests.mutants.algebra.conditions.jobs import *  # noqa: F403
