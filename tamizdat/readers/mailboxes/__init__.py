"""Whose mailbox an address is, and how many letters it may get."""
