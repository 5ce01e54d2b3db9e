"""A file of the edition as the front serves it: its forms, each with an ETag of its own."""

from dataclasses import dataclass, field

from tamizdat.press.server.compression import WORTH_COMPRESSING, Compressor, compress_quickly
from tamizdat.press.server.media_types import compressible, type_of

SENT_WHOLE = 64 * 2**10  # bytes; each slow reader costs a copy of what is sent from memory

NEVER = float("-inf")

_COMPRESSOR = Compressor()
_QUICK = "br5"  # the name of the quick form in ETags: other bytes, another ETag


@dataclass(slots=True)
class Representation:
    """A file's bytes in one coding, and what is made of them once for all readers.

    Attributes:
        body: None where they are sent from the disk.
        etag: With its quotation marks.
        headers: The whole answer's, kept here by who makes it.
    """

    coding: str
    body: bytes | None
    etag: str
    headers: list[tuple[str, str]] = field(default_factory=list)


class File:
    """A file that the memory holds.

    Attributes:
        content: b"" where it is only ever sent from the disk, by `descriptor`.
        mark: Inode, time of change in ns and size: another mark, other bytes.
        seen: In which edition it was last seen on the disk, counted by the memory.
        handed: When the server was told of the descriptor last, by `time.monotonic`.
    """

    __slots__ = (
        *(
            "content",
            "descriptor",
            "handed",
            "mark",
            "compressible",
            "path",
            "seen",
            "size",
            "type",
        ),
        *("_asked_for_tight", "_representations", "_hashed"),
    )

    def __init__(
        self,
        path: str,
        mark: tuple[int, int, int],
        hashed: str,
        content: bytes,
        descriptor: int | None = None,
    ) -> None:
        self.path, self.content, self.descriptor = path, content, descriptor
        self.mark, self.size, self.seen, self.handed = mark, mark[2], 0, NEVER
        self.type = type_of(path)
        self.compressible = compressible(path) and self.size >= WORTH_COMPRESSING and bool(content)
        self._hashed = hashed
        plain = None if descriptor is not None else content
        self._representations = {"identity": Representation("identity", plain, f'"{hashed}"')}
        self._asked_for_tight = False

    def representation(self, coding: str) -> Representation:
        """Return the file in "br", "gzip" or "identity"; packs where that was not done yet."""
        found = self._representations.get(coding)
        if found is None:
            found = self._representations[coding] = self._compress(coding)
        elif found.coding == "br" and not self._asked_for_tight:
            self._asked_for_tight = _COMPRESSOR.ask(self.content, self._keep_tight)
        return found

    def is_known(self, etags: set[str], representation: Representation) -> bool:
        """Say whether one of these ETags is of a form; packed tightly or not is one to a reader."""
        if representation.coding != "br":
            return representation.etag in etags
        return not etags.isdisjoint((self._etag("br"), self._etag(_QUICK)))

    def _compress(self, coding: str) -> Representation:
        packed = compress_quickly(self.content, coding)
        if len(packed) > SENT_WHOLE:
            return self._representations["identity"]
        return Representation(coding, packed, self._etag(_QUICK if coding == "br" else coding))

    def _keep_tight(self, packed: bytes) -> None:
        self._representations["br"] = Representation("br", packed, self._etag("br"))

    def _etag(self, name: str) -> str:
        return f'"{self._hashed}-{name}"'
