"""The kill matrix of the suite: mutants that it has to kill, conforming variants that it must not accuse.

A mutant is a `System` whose sessions keep the whole contract but for one clause. The kill matrix runs the suite on all
of them: each has to be killed on its own clause, by that clause's own check. A conforming variant is unusual in one
way and keeps the contract: no clause may be held against it.
"""
