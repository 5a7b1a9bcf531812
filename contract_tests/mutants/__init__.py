"""The proof that the suite is worth its verdicts: faults it has to catch, innocents it has to spare.

Every fault is a `System` whose sessions keep the whole contract but for one thing. The kill matrix runs the suite on
all of them: each has to be found on its own clause, by that clause's own check. The innocent variants look different
and keep the contract: no clause may be held against them.
"""
