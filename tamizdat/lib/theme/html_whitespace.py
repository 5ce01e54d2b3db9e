"""Templates on their way in: where one line ends in a tag of a block, the next one follows at once.

Space between paragraphs, list items and the elements of a head shows nowhere, and on every
page it would be bytes. Between words and what stands among words it stays.
"""

import re

from jinja2.ext import Extension

_BLOCKS = (
    "article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 head header html legend li link main meta nav ol p picture script section "
    "source style summary table tbody td template th thead title tr ul"
).replace(" ", "|")
_END = re.compile(
    rf"(<(?:!doctype|/?(?:{_BLOCKS}))\b(?:[^<>{{}}]|{{{{.*?}}}}|{{%.*?%}})*>)(\n+)", re.IGNORECASE
)
_START = re.compile(rf"\n+(?=</?(?:{_BLOCKS})\b)", re.IGNORECASE)


class HtmlWhitespace(Extension):
    """Leaves out line breaks beside block elements in every HTML template but the letters'."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source without them; Jinja calls this once a template."""
        del filename
        if not name or not name.endswith(".html") or "letters/" in name:
            return source
        return _START.sub(_unseen, _END.sub(lambda found: found[1] + _unseen(found, 2), source))


def _unseen(found: re.Match[str], group: int = 0) -> str:
    """Return line breaks as a comment: Jinja must go on counting lines, to say where a fault is."""
    return f"{{#{found[group]}#}}"
