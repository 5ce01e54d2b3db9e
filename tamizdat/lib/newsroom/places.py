"""Where in a settings file a key stands, for the sentence that refuses it."""

import re

_HEADER = re.compile(r"^[ \t]*\[([^\[\]]+)\]")


def place(text: str, table: str, key: str) -> str:
    """Return ", line 12, column 1" of a key of a table, or "" where it is not found.

    A table that is itself meant (`key` is "") stands where its header does. It reads lines, not
    TOML: a key that stands there in an unusual form is only not placed.
    """
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            current = header[1].strip()
            if current == (f"{table}.{key}" if key else table):
                return f", line {number}, column {header.start(1) + 1}"
        elif current == table and key and (found := _key(key).match(line)):
            return f", line {number}, column {found.start(1) + 1}"
    return ""


def _key(key: str) -> re.Pattern[str]:
    return re.compile(rf"""^[ \t]*(["']?{re.escape(key)}["']?)[ \t]*[.=]""")
