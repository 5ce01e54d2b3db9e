from datetime import UTC, date, datetime

from tamizdat.support.counter.calendar_file import calendar_file

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_an_event_on_the_first_of_the_month_that_names_nobody(newsroom):
    text = calendar_file(date(2026, 12, 1), "A small thing; to think, about\nwell", AT)

    assert "DTSTART;VALUE=DATE:20261201\r\n" in text
    assert "SUMMARY:A small thing\\; to think\\, about well\r\n" in text
    assert newsroom.name not in text
    assert "127.0.0.1" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
