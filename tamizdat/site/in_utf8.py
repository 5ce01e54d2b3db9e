"""Forms are read as UTF-8, whatever they claim: our pages ask for nothing else."""

from django.core.handlers.wsgi import WSGIRequest


class RequestInUtf8(WSGIRequest):
    """A request whose form and query are UTF-8.

    Django decodes both with the codec that the sender names, and some of Python's are no text
    ("hex"): it would fail before any of our pages is asked. A form that names ASCII it refuses,
    and mail programs may name that when their reader leaves a newsletter.
    """

    @property
    def encoding(self) -> str:
        """Return the only encoding."""
        return "utf-8"

    @encoding.setter
    def encoding(self, named: str) -> None:
        """Do nothing: what the sender names does not count."""
