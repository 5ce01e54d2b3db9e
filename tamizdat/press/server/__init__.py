"""The server of the edition: it answers from files, and remembers nobody. No Django."""
