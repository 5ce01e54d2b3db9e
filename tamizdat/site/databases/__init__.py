"""The three databases: which holds what, their tables, and how it is told that one is away."""
