"""What has happened and what was asked, as people read it: records whose parts have names, in seconds."""

from __future__ import annotations
