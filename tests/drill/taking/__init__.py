"""What somebody finds who has a copy of the machine, a list of suspects, and our own program."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tamizdat.readers.keys import desk_mark, letters_key
from tamizdat.readers.sealing.opening import OpeningError, PrivateKey, open_record, open_sealed
from tamizdat.readers.sealing.records import Record
from tests.drill.taking import carving, keys_found, links, scanning, tables
from tests.drill.taking.bytes_of import files
from tests.drill.taking.guessing import Guesses
from tests.drill.taking.joining import Join, Joiner, relay_log
from tests.drill.taking.keys_found import Keys
from tests.drill.taking.tables import Table
from tests.drill.taking.times import Fates, Times


@dataclass
class Found:
    """What was found, with where; `tried` says of how much, so that nothing means something."""

    opened: dict[str, str] = field(default_factory=dict)  # address: where
    details: dict[str, Mapping[str, object]] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)  # suspect: where
    joins: list[Join] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)  # hexadecimal of sealed records, as they lie
    contributions: list[str] = field(default_factory=list)  # hashes of tokens, as they lie
    tried: Counter[str] = field(default_factory=Counter)


def take(
    copy: Path, mark: str, suspects: Iterable[str], fates: Fates, log: Iterable[tuple[str, str]]
) -> Found:
    """Open, guess and join all that can be, with every key that lies in the copy.

    `log` is a mail relay's: recipients and Message-IDs. It is joined with, and not searched.
    """
    found = Found()
    all_tables = tables.read(copy)
    keys = keys_found.find(copy)
    guesses = Guesses(suspects, keys.secrets)
    times = Times(all_tables, fates)
    found.times = times.finer()
    sealed: dict[bytes, str] = dict(_in_rows(all_tables))
    needles = scanning.needles(mark)
    for name, raw in files(copy):
        found.tried["files"] += 1
        found.tried["bytes"] += len(raw)
        sealed |= {each: name for each in carving.carve(raw) if each not in sealed}
        found.plain += [f"{name}: {needle!r}" for needle in scanning.found(raw, needles)]
        found.guessed |= dict.fromkeys(guesses.found(raw), name)
        found.times += times.left_in(name, raw)
        found.opened |= dict.fromkeys(links.opened(raw, copy), f"a letter's link in {name}")
    _open_all(sealed, keys, found, copy)
    joiner = Joiner([*all_tables, relay_log(log)], _letters_key(copy))
    found.joins = joiner.joins()
    _note_order(all_tables, found)
    found.tried |= Counter(
        keys=len(keys.private), secrets=len(keys.secrets), hashes=guesses.tried,
        tables=len(all_tables), rows=sum(len(table.rows) for table in all_tables),
        joins=joiner.tried, times=times.tried,
    )  # fmt: skip
    return found


def open_with(copy: Path, passphrase: str) -> Found:
    """Open what stands in rows with every key and the passphrase: the control of all openings."""
    found = Found()
    sealed = dict(_in_rows(tables.read(copy)))
    _open_all(sealed, keys_found.find(copy, passphrase), found, copy)
    return found


def _in_rows(all_tables: Sequence[Table]) -> Iterable[tuple[bytes, str]]:
    for table in all_tables:
        for row in table.rows:
            for value in row:
                if isinstance(value, bytes) and len(value) in carving.SIZES:
                    yield value, table.label
                elif isinstance(value, str | bytes) and len(value) > carving.SIZES[0]:
                    raw = value.encode() if isinstance(value, str) else value
                    yield from ((each, table.label) for each in carving.carve(raw))


def _open_all(sealed: Mapping[bytes, str], keys: Keys, found: Found, copy: Path) -> None:
    for raw, where in sealed.items():
        found.tried["sealed"] += 1
        for key in keys.private:
            found.tried["openings"] += 1
            try:
                if len(raw) == carving.SIZES[-1]:
                    record = _record(raw, key, copy)
                    address = links.address_in(record.address, copy) or record.address
                    found.details[raw.hex()] = {"address": address, **record.details}
                else:
                    address = open_sealed(raw, key)
            except OpeningError:
                continue
            found.opened.setdefault(address, f"{where} with {key.name}")


def _record(raw: bytes, key: PrivateKey, copy: Path) -> Record:
    """Open a record that a counter sealed, or one with the mark of the desk."""
    with suppress(OpeningError):
        return open_record(raw, key)
    secret = letters_key(next(copy.rglob("letters.key")).parent)
    return open_record(raw, key, desk_mark(secret))


def _letters_key(copy: Path) -> bytes:
    path = next(copy.rglob("letters.key"))
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _note_order(all_tables: Sequence[Table], found: Found) -> None:
    """Note in which order records and contributions lie, which may be that of their arrival."""
    for table in all_tables:
        rows = sorted(range(len(table.rows)), key=lambda n, t=table: t.rows[n][0])
        if table.name == "readers_sealedrecord":
            found.order = [bytes(table.values("sealed")[n]).hex() for n in rows]
        if table.name == "till_contribution":
            found.contributions = [str(table.values("token_hash")[n]) for n in rows]
