"""Are the times on the disk as coarse as the privacy contract promises?"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.drill.taking.tables import Table, Value

ZONE = r"(?:[+-]\d\d:\d\d)?"
DAY = r"\d{4}-\d\d-\d\d"
PATTERNS = {
    "month": re.compile(rf"\d{{4}}-\d\d-01(?: 00:00:00(?:\.0+)?{ZONE})?"),
    "day": re.compile(rf"{DAY}(?: 00:00:00(?:\.0+)?{ZONE})?"),
    "hour": re.compile(rf"{DAY}(?: \d\d:00:00(?:\.0+)?{ZONE})?"),
}
FINE = re.compile(rf"{DAY}[ T]\d\d:\d\d:\d\d(?:\.\d+)?{ZONE}")
RAW = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3,6}")
NEVER_IN = ("till", "counter")  # databases without a fine time of anybody, but Django's own

Fates = Mapping[str, Mapping[str, tuple[str, str]]]  # table: column: kind and about


class Times:
    """Compares each time with its promise; `tried` counts them."""

    def __init__(self, tables: Sequence[Table], fates: Fates) -> None:
        self._tables, self._fates = tables, fates
        self.tried = 0

    def finer(self) -> list[str]:
        """Return where a time is finer than promised, or nobody promised anything."""
        return sorted(set(self._finer()))

    def _finer(self) -> Iterator[str]:
        for table in self._tables:
            known = self._fates.get(table.name)
            if known is None:
                continue
            for column in table.columns[1:]:
                where = f"{table.label}.{column}"
                if column not in known:
                    yield f"{where}: the contract does not know it"
                    continue
                yield from self._column(where, known[column], table.values(column))

    def _column(self, where: str, fate: tuple[str, str], values: Sequence[Value]) -> Iterator[str]:
        kind, about = fate
        if kind == "ours":
            return
        for value in values:
            self.tried += value is not None
            if not isinstance(value, str):
                continue
            if kind == "time" and about in PATTERNS and not PATTERNS[about].fullmatch(value):
                yield f"{where}: finer than a {about}"
            if (kind != "time" or about == "moment") and FINE.fullmatch(value):
                yield f"{where}: a moment"

    def left_in(self, name: str, raw: bytes) -> list[str]:
        """Return where the till or the counter holds a moment that is none of Django's."""
        if not any(f"{database}.sqlite3" in name for database in NEVER_IN):
            return []
        own = {
            str(value).encode()
            for table in self._tables
            if table.name == "django_migrations"
            for value in table.values("applied")
        }
        found = set(RAW.findall(raw))
        self.tried += len(found)
        return [f"{name}: {len(left)} moments" for left in [found - own] if left]
