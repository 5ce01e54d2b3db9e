"""Invented names: the sections, and the people who sign."""

from itertools import product

LANGUAGES = ("en", "ru", "fa")
SECTIONS = (
    ("economy", "Economy", "Экономика", "اقتصاد"),
    ("markets", "Markets", "Рынки", "بازارها"),
    ("companies", "Companies", "Компании", "شرکت‌ها"),
    ("politics", "Politics", "Политика", "سیاست"),
    ("courts", "Courts", "Суды", "دادگاه‌ها"),
    ("world", "World", "Мир", "جهان"),
    ("society", "Society", "Общество", "جامعه"),
    ("culture", "Culture", "Культура", "فرهنگ"),
)
PEOPLE = {"en": 140, "ru": 48, "fa": 12}
FIRST = {
    "en": [
        "Ada",
        "Bram",
        "Cora",
        "Dane",
        "Edda",
        "Finn",
        "Gwen",
        "Hale",
        "Isla",
        "Jory",
        "Kaia",
        "Lorn",
        "Mira",
        "Niall",
        "Orla",
    ],
    "ru": ["Агния", "Борис", "Вера", "Глеб", "Дина", "Егор", "Зоя", "Игнат", "Клара", "Лука"],
    "fa": ["آرش", "بهار", "پریا", "سامان"],
}
LAST = {
    "en": [
        "Ashdown",
        "Birchall",
        "Carrow",
        "Dunmere",
        "Elvaston",
        "Farrow",
        "Garnet",
        "Holme",
        "Ivers",
        "Jessop",
    ],
    "ru": ["Бродич", "Валежко", "Громан", "Дольник", "Ерёмич", "Заречник"],
    "fa": ["رودبان", "سپیدار", "کوهپایه"],
}
KINDS = ("reporter",) * 8 + ("photographer", "pseudonym")


def people(language: str) -> list[str]:
    """Return a language's names, each once."""
    pairs = list(product(LAST[language], FIRST[language]))
    return [f"{first} {last}" for last, first in pairs[: PEOPLE[language]]]
