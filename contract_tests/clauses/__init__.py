"""The promises of the FLARE API, a package for each subject.

In each: its sentences in the module `clauses`, and beside it the checks that hold a session to them.
"""

from __future__ import annotations
