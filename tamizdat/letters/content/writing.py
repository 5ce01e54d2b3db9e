"""What a letter says, as text and as HTML: templates of the theme, made ready for mail programs."""

import hashlib
from dataclasses import dataclass
from typing import Any

import css_inline

from tamizdat.lib.theme import theme

LARGEST = 102_000  # bytes: beyond that a large mail service cuts a letter and hides its end

_inliner = css_inline.CSSInliner(keep_style_tags=True)  # or dark mode is lost


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's subject and its two equal halves."""

    subject: str
    text: str
    html: str

    @property
    def digest(self) -> str:
        """A digest of all its words: 64 hexadecimal digits of SHA-256."""
        whole = f"{self.subject}\0{self.text}\0{self.html}"
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def size(self) -> int:
        """How large the HTML is, in bytes of UTF-8."""
        return len(self.html.encode())


def write(template: str, language: str, **context: Any) -> Written:
    """Return `letters/<template>` in a language.

    The templates are <template>.subject.txt, .txt and .html. Text is never escaped, HTML always.
    Styles are written onto each element, since some programs drop the style sheet; it stays too,
    for those that know dark mode.
    """
    look = theme()
    subject = look.render(f"letters/{template}.subject.txt", language, **context)
    text = look.render(f"letters/{template}.txt", language, **context)
    html = look.render(f"letters/{template}.html", language, **context)
    return Written(" ".join(subject.split()), tidy(text), _inliner.inline(html))


def tidy(text: str) -> str:
    """Return a text without trailing spaces and with at most one empty line at a time."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
