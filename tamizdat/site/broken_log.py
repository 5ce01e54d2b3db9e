"""What the desk's log says when a page breaks: where in the program, and never with what."""

import logging
import traceback
from types import TracebackType


class WhereNotWhat(logging.Formatter):
    """Leaves out the words of an error: a database quotes there the values it was given."""

    def formatException(  # noqa: N802  the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return the places that the error passed, outermost first, and its kind."""
        kind, _, passed = ei
        if kind is None:
            return ""
        return "".join(traceback.format_tb(passed)) + f"{kind.__module__}.{kind.__qualname__}"
