"""What of an old site is here already, and what became of it."""

from dataclasses import dataclass
from typing import Any

from tamizdat.desk.importing.addresses import host, same_page
from tamizdat.desk.importing.export.wxr import Site
from tamizdat.desk.models import ImportedItem


def source_of(site: Site) -> str:
    """Return what names the old site for ever; an export without address is known by its title."""
    place = same_page(site.address) if host(site.address) else ""
    return f"wordpress:{place or site.title}"[:200]


@dataclass(frozen=True, slots=True)
class Target:
    """What something became: a kind and the id of its row."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Target":
        kind, _, number = text.partition(":")
        return cls(kind, int(number))


class Ledger:
    """The rows of one old site. `new` are those that this import wrote."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.new: set[tuple[str, str]] = set()
        rows = ImportedItem.objects.filter(source=source)
        self._rows = {(row.kind, row.key): row for row in rows}
        self._pages = {row.old_page: row for row in rows if row.old_page}

    def find(self, kind: str, key: str) -> ImportedItem | None:
        return self._rows.get((kind, key[:255]))

    def is_new(self, kind: str, key: str) -> bool:
        """Return whether this import carried it."""
        return (kind, key[:255]) in self.new

    def target(self, kind: str, key: str) -> int | None:
        """Return the id of what something became, None if it was never carried."""
        row = self.find(kind, key)
        return Target.parse(row.target).id if row else None

    def page_at(self, place: str) -> int | None:
        """Return the page that came from an address, as `same_page` writes it."""
        row = self._pages.get(place[:500])
        return Target.parse(row.target).id if row else None

    def enter(self, kind: str, key: str, target: Target) -> ImportedItem:
        """Write down what something became."""
        row = ImportedItem(source=self.source, kind=kind, key=key[:255], target=str(target))
        row.save()
        self._rows[kind, row.key] = row
        self.new.add((kind, row.key))
        return row

    def enter_page(self, row: ImportedItem, page: Any, fingerprint: str, address: str) -> None:
        """Write down how a page was left, to see later whether somebody has touched it."""
        row.fingerprint = fingerprint
        row.revision, row.was_live = page.latest_revision_id, page.live
        row.old_address, row.old_page = address, same_page(address)[:500]
        row.save()
        if row.old_page:
            self._pages[row.old_page] = row
