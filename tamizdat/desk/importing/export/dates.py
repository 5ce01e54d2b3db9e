"""When something was written: WordPress says it up to three times, and sometimes not at all."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo


def moment(said: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    """Return the moment in UTC: the one told in GMT, else the local one, else the feed's.

    Drafts have zeros for a date in GMT. A local date names no zone, so it is read as the
    newsroom's own. None if there is no date that ever was.
    """
    exact = _plain(said.get("wp:post_date_gmt", ""))
    if exact:
        return exact.replace(tzinfo=UTC)
    local = _plain(said.get("wp:post_date", ""))
    if local:
        return _utc(local.replace(tzinfo=zone))
    return _feed_date(said.get("pubDate", ""))


def _plain(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  the zone comes from elsewhere
    except ValueError:
        return None
    return found if 1000 < found.year < 9999 else None  # noqa: PLR2004  room for any zone


def _feed_date(text: str) -> datetime | None:
    if "-0001" in text:  # WordPress's way to say zero
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if not 1000 < found.year < 9999:  # noqa: PLR2004  as above
        return None
    return _utc(found if found.tzinfo else found.replace(tzinfo=UTC))


def _utc(found: datetime) -> datetime:
    return found.astimezone(UTC)
