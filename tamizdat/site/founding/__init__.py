"""A new newsroom: its settings, its keys, its databases."""
