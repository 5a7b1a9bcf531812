"""How calls are made and noted: operations, sessions that act, the recorder, and how a check is declared."""

from __future__ import annotations
