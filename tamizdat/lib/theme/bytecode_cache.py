"""Templates are compiled once in a process, not once for each language and each theme."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class MemoryBytecodeCache(BytecodeCache):
    """Compiled templates, in memory.

    Only for environments made alike: Jinja does not look at the settings of the one that
    compiled a template. Words, dates and the newsroom are looked up when it is rendered.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the compiled template, unless its source has changed since."""
        source, code = self._kept.get(bucket.key, ("", None))
        if source == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was just compiled, in place of what it was before."""
        if bucket.code is not None:
            self._kept[bucket.key] = (bucket.checksum, bucket.code)
