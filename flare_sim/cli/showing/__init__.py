"""Commands that show what is known already: tables, scenarios, the page of what happened."""

from __future__ import annotations
