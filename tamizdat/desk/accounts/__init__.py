"""Who may sign in at the desk, how, and what they may do."""
