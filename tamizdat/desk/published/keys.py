from typing import Any

from tamizdat.desk import models


def change_keys(instance: Any) -> tuple[str, ...]:
    """Return the keys of what a saved or deleted desk object touches, () for anything else.

    Ids, not addresses: the press knows which pages were made from them.
    """
    if isinstance(instance, models.FrontPage):
        return (f"front:{instance.locale.language_code}",)
    for model, kind in (
        (models.ArticlePage, "article"),
        (models.PlainPage, "plain"),
        (models.Section, "section"),
        (models.Topic, "topic"),
        (models.Person, "person"),
        (models.Picture, "picture"),
    ):
        if isinstance(instance, model):
            return (f"{kind}:{instance.pk}",)
    return ()
