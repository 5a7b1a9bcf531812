"""What has to work before any clause can be judged: the plug between an implementation and the suite."""

from __future__ import annotations
