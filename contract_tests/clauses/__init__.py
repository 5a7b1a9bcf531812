"""The promises of the FLARE API, a package for each subject.

In each package the module `clauses` has the sentences, and the other modules have the checks that hold a session to
them: `invariants` those that are made along whole sequences of calls. What checks of several subjects share is in
`shared`.
"""

from __future__ import annotations
