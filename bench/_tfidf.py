"""TF-IDF as one sets it up who knows how: what Read more is measured against.

It is scikit-learn's `TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words=...)` and the cosine,
in plain Python: 1 + ln(count), times ln((1 + articles) / (1 + articles with the word)) + 1, each
article's vector of length 1. Stop words are those of the press.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from math import log, sqrt

from bench._wire_labels import Labelled

LEAST = 2  # articles: a word in one alone is left out
Weights = dict[str, float]


def nearest(
    stories: Sequence[Labelled], silent: Collection[str], first: int = 5
) -> list[list[int]]:
    """Return the places of the first few under each story; `silent` words count nothing."""
    made = vectors([f"{story.headline} {story.text}" for story in stories], silent)
    within: dict[str, list[tuple[int, float]]] = {}
    for at, weights in enumerate(made):
        for word, weight in weights.items():
            within.setdefault(word, []).append((at, weight))
    return [_best(at, weights, within)[:first] for at, weights in enumerate(made)]


def vectors(texts: Sequence[str], silent: Collection[str]) -> list[Weights]:
    """Return the texts as weighed words."""
    bags = [Counter(re.findall(r"[^\W_]+", text.lower())) for text in texts]
    article_counts: Counter[str] = Counter()
    for bag in bags:
        article_counts.update(bag.keys())
    rarity = {
        word: log((1 + len(bags)) / (1 + count)) + 1
        for word, count in article_counts.items()
        if count >= LEAST and word not in silent
    }
    return [
        _unit({word: (1 + log(n)) * rarity[word] for word, n in bag.items() if word in rarity})
        for bag in bags
    ]


def _unit(weights: Weights) -> Weights:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()}


def _best(own: int, weights: Weights, within: dict[str, list[tuple[int, float]]]) -> list[int]:
    scores: dict[int, float] = {}
    for word, weight in weights.items():
        for at, other in within[word]:
            scores[at] = scores.get(at, 0.0) + weight * other
    scores.pop(own, None)
    return sorted(scores, key=lambda at: (-scores[at], at))
