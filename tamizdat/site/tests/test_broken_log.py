"""What the desk's log says when a page breaks."""

import logging
import sys

from tamizdat.site.broken_log import WhereNotWhat


def test_the_log_says_where_it_broke_and_not_with_what():
    typed = "ada@example.org"
    try:
        int(typed)
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "%s", ("/desk/",), sys.exc_info())

    said = WhereNotWhat("%(message)s").format(record)

    assert said.startswith("/desk/")
    assert "test_broken_log.py" in said
    assert said.endswith("builtins.ValueError")
    assert typed not in said
