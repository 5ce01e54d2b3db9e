"""The processes that serve a newsroom, and the one that works for it."""
