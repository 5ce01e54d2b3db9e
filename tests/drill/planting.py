"""Leaks that a careless change might bring, planted to see that the drill finds them."""

import hashlib
from datetime import timedelta

from tamizdat.readers import tokens
from tamizdat.readers.keys import letters_key
from tamizdat.readers.mailboxes import mailbox_links
from tests.drill.people import Truth
from tests.drill.place import Place


def hash_of_an_address(place: Place, truth: Truth) -> None:
    """A column with an unsalted hash of the address."""
    _add(place, "default", "readers_reader", "seen", "varchar(64)")
    digest = hashlib.sha256(truth.addresses[0].encode()).hexdigest()
    place.databases.change("default", place.folder, "UPDATE readers_reader SET seen = ?", digest)


def moments(place: Place, _truth: Truth) -> None:
    """A time with microseconds where an hour was promised."""
    exact = (min(_truth.asked.values()) + timedelta(microseconds=7)).isoformat(" ")
    sql = "UPDATE readers_pending SET expires_at = ?"
    place.databases.change("default", place.folder, sql, exact.removesuffix("+00:00"))


def a_wish_beside_its_amount(place: Place, truth: Truth) -> None:
    """A table that holds a record's key, the token of its contribution, and the amount."""
    one = "SELECT id FROM readers_sealedrecord LIMIT 1"
    (key,) = place.databases.rows("default", place.folder, one)[0]
    columns = "id integer, record varchar(36), token varchar(64), minor integer"
    sql = f"CREATE TABLE support_wish ({columns})"
    place.databases.change("default", place.folder, sql)
    sql = "INSERT INTO support_wish VALUES (1, ?, ?, 500)"
    place.databases.change("default", place.folder, sql, str(key), truth.pairs[0][1])


def an_address_in_a_log(place: Place, truth: Truth) -> None:
    """A line of a log, packed, with an address in quoted-printable."""
    import gzip
    import quopri

    line = quopri.encodestring(truth.addresses[0].encode(), quotetabs=True)
    (place.folder / "worker.log.1.gz").write_bytes(gzip.compress(line))


def a_letter_s_link_in_a_log(place: Place, truth: Truth) -> None:
    """The path of a page that a web server wrote down, which opens with `letters.key`."""
    link = mailbox_links.link(letters_key(place.newsroom.keys), truth.addresses[0])
    (place.folder / "access.log").write_text(f'"GET /en/mailbox/{link} HTTP/2" 200\n')


def a_message_id_made_of_a_row(place: Place, truth: Truth) -> None:
    """A Message-ID that `letters.key` makes of an issue and a subscription."""
    (key,) = place.databases.rows("default", place.folder, "SELECT key FROM readers_subscription")[
        0
    ]
    (issue,) = place.databases.rows("default", place.folder, "SELECT id FROM letters_issue")[0]
    about = f"message|issue|{issue}:{str(key).replace('-', '')}"
    made = f"<{tokens.derived(letters_key(place.newsroom.keys), about)[:40]}@example.org>"
    place.relay.log.append((truth.addresses[0], made))


def a_key_that_stays(place: Place, _truth: Truth) -> None:
    """A copy of an unattended key that a backup program made."""
    import shutil

    for path in (place.folder / "keys/unattended").glob("*.private"):
        shutil.copy(path, place.folder / "tmp" / path.name)


def _add(place: Place, alias: str, table: str, column: str, kind: str) -> None:
    sql = f"ALTER TABLE {table} ADD COLUMN {column} {kind}"
    place.databases.change(alias, place.folder, sql)


ALL = (
    hash_of_an_address,
    moments,
    a_wish_beside_its_amount,
    an_address_in_a_log,
    a_letter_s_link_in_a_log,
    a_message_id_made_of_a_row,
)
