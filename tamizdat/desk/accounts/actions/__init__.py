"""What changes users, groups, sessions and codes."""
