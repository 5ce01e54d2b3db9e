"""Join rows: which address, though nobody can read it, stands beside what somebody did?

Two rows are joined by a value that both hold, by a key that points from one to the other, and by
what `letters.key` makes of a value, or of an issue's number and a subscription's key. A value that
stands in many rows tells them not apart. A mail relay's log is one more table.
"""

import base64
import hashlib
import hmac
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.drill.taking.tables import Table, Value

MANY = 3  # rows of one column: what they share is no name of anybody
SHORTEST = 8  # bytes of a value that can be no accident
FARTHEST = 4  # steps from a row to another
PURPOSES = ("confirm", "leave", "reply")
MESSAGES = ("confirmation", "issue", "receipt", "reminder", "trial")
CONTRIBUTIONS = ("till_contribution", "till_charge", "till_unmatchedcharge")
ARTICLES = ("letters_issueitem", "desk_articlepage", "wagtailcore_page")
TAGS = ("tag", "limit_tag")
SEALED_SIZES = (1200, 1264, 1904)
# The first finds a key inside a longer word, the second the whole word: a Message-ID is one.
_WORDS = (
    re.compile(r"[0-9a-z]{8}-?[0-9a-z]{4}-?[0-9a-z]{4}-?[0-9a-z]{4}-?[0-9a-z]{12}"),
    re.compile(r"[0-9A-Za-z_+/=-]{20,}"),
)
_FINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:(?!00:00(?:\.0+)?$)\d\d:\d\d(\.\d+)?")
Row = tuple[str, int]  # a table's label, and which of its rows

TRIED = (
    "address with contribution",
    "address with reminder month",
    "address with article",
    "address with time",
    "tag with tag",
    "letter of a relay's log with a row",
)
LOGGED = TRIED[-1]
LOG = "relay:log"


def relay_log(lines: Iterable[tuple[str, str]]) -> Table:
    """Return the log of a mail relay as a table."""
    rows = tuple((place, *line) for place, line in enumerate(lines))
    database, name = LOG.split(":")
    return Table(database, name, ("place", "recipient", "message_id"), rows, {})


@dataclass(frozen=True)
class Join:
    """Two rows that belong together, and by what."""

    kind: str
    one: str
    other: str


class Joiner:
    """Knows which row leads to which."""

    def __init__(self, tables: Sequence[Table], letters_key: bytes) -> None:
        self._tables = {table.label: table for table in tables}
        self._key = letters_key
        self._edges: dict[Row, set[Row]] = defaultdict(set)
        self._issues = self._numbers_of_issues()
        self.tried = 0
        self._by_value()
        self._by_parent()

    def joins(self) -> list[Join]:
        """Return every join that should not be."""
        return [*self._addresses(), *self._tags(), *self._logged()]

    def _addresses(self) -> Iterator[Join]:
        for row in self._all():
            if not self._holds_address(row) or self._is_trial(row):
                continue
            reached = self._reached(row)
            for kind, is_such in (
                (TRIED[0], self._is_contribution),
                (TRIED[1], self._is_month),
                (TRIED[2], self._is_article),
                (TRIED[3], self._is_fine),
            ):
                self.tried += len(reached)
                if other := next((each for each in reached if is_such(each)), None):
                    yield Join(kind, row[0], other[0])

    def _tags(self) -> Iterator[Join]:
        seen: dict[Value, str] = {}
        for table in self._tables.values():
            for column in set(table.columns) & set(TAGS):
                for value in filter(None, table.values(column)):
                    self.tried += 1
                    if value in seen:
                        yield Join(TRIED[4], seen[value], table.label)
                    seen[value] = table.label

    def _logged(self) -> Iterator[Join]:
        """Yield each row at the newsroom that a letter in the relay's log leads to."""
        for row in self._all():
            if row[0] != LOG:
                continue
            reached = [each for each in self._reached(row) if each[0] != LOG]
            self.tried += 1
            if reached:
                yield Join(LOGGED, row[0], reached[0][0])

    def _by_value(self) -> None:
        holders: dict[str, set[Row]] = defaultdict(set)
        for row in self._all():
            for value in self._values(row):
                holders[value].add(row)
        for rows in holders.values():
            a_table = defaultdict(list)
            for label, n in rows:
                a_table[label].append(n)
            if len(rows) > 1 and max(map(len, a_table.values())) <= MANY:
                for row in rows:
                    self._edges[row] |= rows - {row}

    def _by_parent(self) -> None:
        for table in self._tables.values():
            for column, parent in table.parents.items():
                self._link(table, column, self._tables.get(f"{table.database}:{parent}"))

    def _link(self, table: Table, column: str, parent: Table | None) -> None:
        if parent is None:
            return
        key = "id" if "id" in parent.columns else parent.columns[1]
        places = {value: n for n, value in enumerate(parent.values(key))}
        children = defaultdict(list)
        for n, value in enumerate(table.values(column)):
            if value in places and not (column == "issue_id" and self._is_trial((table.label, n))):
                children[value].append(n)
        for value, found in children.items():
            if len(found) > MANY:
                continue
            for n in found:
                self._edges[table.label, n].add((parent.label, places[value]))
                self._edges[parent.label, places[value]].add((table.label, n))

    def _values(self, row: Row) -> Iterator[str]:
        table = self._tables[row[0]]
        for column, value in zip(table.columns, self._of(row), strict=True):
            if column == "place":
                continue
            if isinstance(value, bytes) and len(value) >= SHORTEST:
                yield value.hex()
            elif isinstance(value, str) and len(value) >= SHORTEST:
                yield from self._said(value)

    def _said(self, text: str) -> Iterator[str]:
        if len(text) <= 200:
            yield text
        for bare in {w.replace("-", "") for pattern in _WORDS for w in pattern.findall(text)}:
            yield bare
            if len(bare) == 32:
                yield from self._made_of(bare)
                for issue in self._issues:
                    yield from self._messages(f"{issue}:{bare}")
        if len(text) <= 120:
            yield from self._messages(text)

    def _made_of(self, key: str) -> Iterator[str]:
        """Yield the tokens that `letters.key` makes of a row's key, and their hashes."""
        for purpose in PURPOSES:
            token = self._derived(f"{purpose}|{key}")[:26]
            yield token
            yield hashlib.sha256(token.encode()).hexdigest()

    def _messages(self, about: str) -> Iterator[str]:
        for kind in MESSAGES:
            yield self._derived(f"message|{kind}|{about}")[:40]

    def _numbers_of_issues(self) -> list[Value]:
        tables = (each for label, each in self._tables.items() if label.endswith(":letters_issue"))
        return [number for table in tables for number in table.values("id")]

    def _derived(self, text: str) -> str:
        keyed = hmac.digest(self._key, text.encode(), "sha256")
        return base64.b32encode(keyed).decode().lower().rstrip("=")

    def _reached(self, row: Row) -> Iterable[Row]:
        far, queue = {row: 0}, deque([row])
        while queue:
            here = queue.popleft()
            if far[here] == FARTHEST:
                continue
            for near in self._edges[here]:
                if near not in far:
                    far[near] = far[here] + 1
                    queue.append(near)
        return list(far)

    def _all(self) -> Iterator[Row]:
        for label, table in self._tables.items():
            yield from ((label, n) for n in range(len(table.rows)))

    def _of(self, row: Row) -> tuple[Value, ...]:
        return self._tables[row[0]].rows[row[1]]

    def _named(self, row: Row) -> Mapping[str, Value]:
        return dict(zip(self._tables[row[0]].columns, self._of(row), strict=True))

    def _holds_address(self, row: Row) -> bool:
        """Say whether a row holds an address, sealed, or a hash of one."""
        named = self._named(row)
        return any(isinstance(v, bytes) and len(v) in SEALED_SIZES for v in named.values()) or any(
            named.get(name) for name in TAGS
        )

    def _is_trial(self, row: Row) -> bool:
        """Say whether a row is a test of an issue, which goes to the newsroom's own people."""
        return self._named(row).get("kind") == "trial"

    def _is_contribution(self, row: Row) -> bool:
        named = self._named(row)
        return row[0].partition(":")[2] in CONTRIBUTIONS or {"minor", "currency"} <= set(named)

    def _is_month(self, row: Row) -> bool:
        """Say whether a row that stands at the desk names a month."""
        return not row[0].startswith("till:") and bool(set(self._named(row)) & {"month", "due"})

    def _is_article(self, row: Row) -> bool:
        """Say whether a row tells of an article or an issue. A test is the newsroom's own."""
        named = self._named(row)
        of_issue = named.get("issue_id") is not None and named.get("kind") != "trial"
        return row[0].partition(":")[2] in ARTICLES or of_issue

    def _is_fine(self, row: Row) -> bool:
        """Say whether a row holds a time that is finer than an hour."""
        return any(isinstance(v, str) and _FINE.fullmatch(v) for v in self._of(row))
