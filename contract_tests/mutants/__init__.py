"""The matrix that the suite is worth its verdicts: mutants it has to catch, conforming it has to spare.

Every mutant is a `System` whose sessions keep the whole contract but for one thing. The kill matrix runs the suite on
all of them: each has to be found on its own clause, by that clause's own check. The conforming variants look different
and keep the contract: no clause may be held against them.
"""
