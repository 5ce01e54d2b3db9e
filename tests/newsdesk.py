"""What editors do, in few words, for the tests of every room that needs something published."""

from tamizdat.press.tests.conftest import NewsDesk

__all__ = ["NewsDesk"]
