"""The desk's verbs: the only code that writes what the newsroom makes."""
