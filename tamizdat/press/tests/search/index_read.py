"""Reads the search's files as a browser does, to the letter of docs/reference/search.md."""

import json
from bisect import bisect_right

from tamizdat.press.search.analysis import words
from tamizdat.press.search.index import DIGITS


def find(files, text, language):
    """Return which cards of a shard (their first words) have all words of a text."""
    directory = json.loads(files["index.json"])
    found = None
    for word in words(text, language):
        number = max(bisect_right(directory["words"], word) - 1, 0)
        said = unpacked(files[f"words-{number}.txt"]).get(word, "")
        places = set(standing(said))
        found = places if found is None else found & places
    return [card(files, place) for place in sorted(found or ())]


def card(files, place):
    chunks = sorted((name for name in files if name.startswith("cards-")), key=_number)
    return [one for name in chunks for one in json.loads(files[name])][place]


def unpacked(raw):
    """Return the lines of a file of words as {word: where it stands}."""
    found, word = {}, ""
    for line in filter(None, raw.decode().split("\n")):
        head, _, said = line.partition(" ")
        word = word[: DIGITS.index(head[0])] + head[1:]
        found[word] = said
    return found


def standing(said):
    """Yield the places of the articles in which a word stands."""
    place, value, worth = -1, 0, 1
    for sign in said:
        digit = DIGITS.index(sign)
        value += digit % 32 * worth
        worth *= 32
        if digit < 32:
            place += value // 8 + 1
            yield place
            value, worth = 0, 1


def _number(name):
    return int(name.removeprefix("cards-").removesuffix(".json"))
