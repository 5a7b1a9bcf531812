"""Sessions whose monitor_job gives the callback the wrong further arguments."""

from __future__ import annotations

import copy
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK
from contract_tests.mutants.families.monitoring import AT_END, last_begun
from contract_tests.mutants.variant import Faults, mutants


def _uses_named_up(call: Call) -> Any:
    handed = dict(call["kwargs"])
    call["kwargs"].clear()
    return call.go(kwargs=handed)


def _unpacks_cb_kwargs(call: Call) -> Any:
    inner = call["kwargs"].pop("cb_kwargs", None)
    return call.go(kwargs={**call["kwargs"], **(inner if isinstance(inner, dict) else {})})


def _remembers_arguments(call: Call) -> Any:
    call.own.update(call["kwargs"])
    return call.go(kwargs=dict(call.own))


def _positional_of_last(call: Call) -> Any:
    return last_begun(call)["cb_args"]


def _named_of_last(call: Call) -> Any:
    return last_begun(call)["cb_kwargs"]


def _other_type(thing: Any) -> Any:
    """A number as one of the other type, where there is one that is equal."""
    if isinstance(thing, float) and thing.is_integer():
        return int(thing)
    return float(thing) if isinstance(thing, int) else thing


_FAULTS: Final[Faults] = {
    "monitor.callback-args": {
        "loses the further positional arguments": on(CALLBACK, do.passing(args=())),
        "hands the further arguments over as one tuple": on(
            CALLBACK, do.passing(args=lambda call: (call["args"],) if call["args"] else ())
        ),
        "leaves out further arguments that are false in themselves": on(
            CALLBACK, do.passing(args=lambda call: tuple(arg for arg in call["args"] if arg))
        ),
        "hands on two further arguments at most": on(CALLBACK, do.passing(args=lambda call: call["args"][:2])),
        "hands the further arguments to the first call only": on(CALLBACK, do.passing(args=()), when.later_poll),
        "hands the further arguments over in the reverse order": on(
            CALLBACK, do.passing(args=lambda call: call["args"][::-1])
        ),
        "hands over copies of the further arguments": on(
            CALLBACK,
            do.passing(
                args=lambda call: [arg.copy() if isinstance(arg, (list, dict)) else arg for arg in call["args"]]
            ),
        ),
        "gives the callback the arguments of a monitor within it from then on": on(
            CALLBACK, do.passing(args=_positional_of_last)
        ),
    },
    "monitor.callback-kwargs": {
        "loses the further named arguments": on(CALLBACK, do.passing(kwargs={})),
        "loses named arguments when there are positional ones, too": on(
            CALLBACK, do.passing(kwargs={}), lambda call: call["args"]
        ),
        "takes named arguments out of the dict as it hands them on": on(CALLBACK, _uses_named_up),
        "leaves out named arguments that are None": on(
            CALLBACK,
            do.passing(kwargs=lambda call: {name: it for name, it in call["kwargs"].items() if it is not None}),
        ),
        "keeps a named argument called user for itself": on(
            CALLBACK,
            do.passing(kwargs=lambda call: {name: it for name, it in call["kwargs"].items() if name != "user"}),
        ),
        "takes a named argument called cb_kwargs for the named arguments": on(CALLBACK, _unpacks_cb_kwargs),
        "gives the callback the named arguments of a monitor within it from then on": on(
            CALLBACK, do.passing(kwargs=_named_of_last)
        ),
        "hands named numbers over as numbers of the other type": on(
            CALLBACK, do.passing(kwargs=lambda call: {name: _other_type(it) for name, it in call["kwargs"].items()})
        ),
        "hands over copies of named lists and dicts": on(
            CALLBACK, do.passing(kwargs=lambda call: copy.deepcopy(call["kwargs"]))
        ),
    },
    "monitor.callback-nothing-else": {
        "tells the callback the number of the poll, too": on(
            CALLBACK, do.passing(args=lambda call: (*call["args"], call.monitor.polls))
        ),
        "tells the callback of the end by a named argument": on(
            CALLBACK, do.passing(kwargs=lambda call: {**call["kwargs"], "done": True}), AT_END
        ),
        "hands the arguments of the session's last monitor on once more": on(CALLBACK, _remembers_arguments),
        "gives a callback without arguments those of a monitor within it": on(
            CALLBACK,
            do.passing(args=_positional_of_last, kwargs=_named_of_last),
            lambda call: not call["args"] and not call["kwargs"],
        ),
    },
    "monitor.callback-monitors": {
        "hands the inner monitor's arguments to the outer callback": on(
            CALLBACK, do.passing(args=_positional_of_last, kwargs=_named_of_last)
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
