"""The command line's verbs, one file each. Doors only: what they do lives in the rooms."""
