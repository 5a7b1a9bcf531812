"""What lives on a clock beside servers: the ``time`` of other code, threads that wait together, asyncio."""

from __future__ import annotations
