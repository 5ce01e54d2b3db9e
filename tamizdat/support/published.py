"""What the desk tells the counter about support: the wordings. All of it is public.

The desk writes it into one file of the newsroom's data folder; a counter on a machine of its
own gets a copy of that file, beside `published.json`. Missing or broken, the default wording
holds: a reader must never meet a payment without its warning.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tamizdat.support.wording import Wording, default, wording_of

NAME = "published_support.json"


def read(data: Path, language: str) -> Wording:
    """Return a language's wording as last published, or its default."""
    try:
        return wording_of(json.loads((data / NAME).read_text(encoding="utf-8"))[language])
    except (OSError, ValueError, KeyError, TypeError):
        return default(language)


def write(data: Path, wordings: Mapping[str, Wording]) -> bool:
    """Publish, whole or not at all, and return whether anything changed."""
    said = {language: asdict(wording) for language, wording in wordings.items()}
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    path = data / NAME
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return True
