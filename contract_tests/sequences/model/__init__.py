"""The contract's own small model: what may be expected of jobs, of sessions, and of what they have handed out."""
