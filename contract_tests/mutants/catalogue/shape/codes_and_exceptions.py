"""Interface modules with the wrong return codes or exceptions."""

from __future__ import annotations

import enum
import functools
from typing import Final

from contract_tests.contract.interface import EXCEPTIONS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.variant import VariantTable
from flare_sim import spec

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_codes = functools.partial(_GENERATOR.spec, clause="shape.return-codes")

_codes(
    name="CodesFromOne",
    difference="counts its return codes from one",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", ["JOB_FINISHED", "TIMEOUT", "ENDED_BY_CB"]),
)
_codes(
    name="CodesNoNumbers",
    difference="has return codes that are no numbers",
    MonitorReturnCode=enum.Enum("MonitorReturnCode", {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2}),
)
_codes(
    name="CodesSwapped",
    difference="has two return codes swapped",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", {"JOB_FINISHED": 0, "ENDED_BY_CB": 1, "TIMEOUT": 2}),
)
_codes(
    name="CodesLackOne",
    difference="has no code for a monitor ended by its callback",
    MonitorReturnCode=enum.IntEnum("MonitorReturnCode", {"JOB_FINISHED": 0, "TIMEOUT": 1}),
)
_codes(
    name="CodesPlainClass",
    difference="has a plain class of numbers for its return codes",
    MonitorReturnCode=type("MonitorReturnCode", (), {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2}),
)
_codes(name="CodesMissing", difference="has no return codes", MonitorReturnCode=None)

for _name in EXCEPTIONS:
    _GENERATOR.spec(
        f"{_name}IsNoException",
        "shape.exceptions",
        f"has a {_name} that except Exception does not catch",
        **{_name: type(_name, (BaseException,), {})},
    )

_GENERATOR.spec("NoJobNotDone", "shape.exceptions", "has no JobNotDone", JobNotDone=None)
_GENERATOR.spec(
    "NotDoneIsNotFound",
    "shape.exceptions",
    "has one class under two names, JobNotDone and JobNotFound",
    JobNotDone=spec.JobNotFound,
)
_GENERATOR.spec(
    "InternalErrorIsNoClass",
    "shape.exceptions",
    "has something that is no class for InternalError",
    InternalError=RuntimeError.__call__,
)
