"""The Russian wire: Wikinews. It has no labels, so telling words of its own stand in for them."""

from bench.archive.wire import Story, common_words, folder, labelled, paragraphs

LABELS = 70
LETTERS = 7


def stories() -> list[Story]:
    """Return every article in the order of its file's name; its first line is the headline."""
    files = sorted(folder("nerel-ru").glob("*/*.txt"), key=lambda file: file.name)
    texts = [file.read_text(encoding="utf-8") for file in files]
    stems = common_words(texts, LABELS, LETTERS)
    return [_story(text, stems) for text in texts]


def _story(text: str, stems: list[tuple[str, str]]) -> Story:
    headline, *lines = [line for line in text.splitlines() if line.strip()]
    return Story(
        headline=" ".join(headline.split())[:120],
        place="",
        paragraphs=paragraphs(lines or [headline]),
        labels=labelled(text, stems)[:6],
    )
