"""How a server's state goes into a file and comes back: records, the shapes of what is in them, the log of calls."""

from __future__ import annotations
