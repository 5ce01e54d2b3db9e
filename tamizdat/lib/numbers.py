"""Numbers in what comes from outside: forms, addresses, heads of requests, files."""


def whole(text: str, most: int) -> int | None:
    """Return the whole number from 0 to `most` that a text is; None if it is no such number.

    Only ASCII digits count. Python's `int` also takes signs, spaces, underscores and the digits of
    every script, and fails where there are thousands of digits.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
