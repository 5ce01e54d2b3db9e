"""Newsletters and their issues: what is offered, what an issue says, its test."""
