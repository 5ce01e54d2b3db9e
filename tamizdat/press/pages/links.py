"""Links between pages: relative, and only to what is in the edition.

While a page is made, its `Links` note everything it asked for, there or not: those are the
keys whose change has the page printed again.
"""

import re

from markupsafe import Markup

from tamizdat.desk.published import Picture, Rendition
from tamizdat.lib import paths
from tamizdat.press.content.link_index import LinkIndex

ROOT = "\ufdd0"  # the edition's root, in what is drawn for many pages; no text may hold it
OWN = "edition:"  # how a fragment, which is made once for many pages, writes a link of ours
_ANCHOR = re.compile(
    r'<a\b([^>]*?)\shref="(article|plain|edition):([^"#]*)(#[^"]*)?"([^>]*)>(.*?)</a>', re.DOTALL
)
_MONTH = re.compile(r"\d{4}/\d{2}$")  # what an article's folder ends with
_KINDS = ('="article:', '="plain:', '="edition:')
_ATTRIBUTE = re.compile(r'="edition:([^"#]*)(#[^"]*)?"')


class Links:
    """The links of one page.

    Args:
        path: Where the page stands.
        index: What there is to link to.
        base: What to put before a path instead of the relative way: an address with a slash at
            its end, for feeds and previews; "/" for pages that are served at any address.
    """

    def __init__(self, path: str, index: LinkIndex, base: str | None = None) -> None:
        self.path = path
        self.dependencies: set[str] = set()
        self.pictures: dict[int, Picture] = {}
        self._index = index
        self._base = base

    @property
    def standing(self) -> tuple[str, str | None]:
        """What pages have in common whose `around` is the same."""
        return _MONTH.sub("*/*", self.path.rpartition("/")[0]), self._base

    def around(self) -> "Links":
        """Return links for what stands around the text of this page and of many others.

        Articles of all months share them: no way leads through the folder of a month, so that
        they are right in each. What they are asked for is noted in them alone.
        """
        folder, base = self.standing
        return Links(f"{folder}/" if folder else "", self._index, base)

    def to(self, path: str) -> str:
        """Return the link to a path of the edition, with its #part; "" if it is not there."""
        path, hash_, part = path.partition("#")
        self.dependencies.add(f"path:{path}")
        return self.way(path) + hash_ + part if self._index.has(path) else ""

    def there(self, path: str) -> str:
        """Return the same link without noting it: for what the whole frame depends on."""
        return self.way(path) if self._index.has(path) else ""

    def article(self, number: int) -> str:
        """Return the link to an article, "" if it is not published."""
        self.dependencies.add(f"card:{number}")
        return self._page(f"article:{number}")

    def plain(self, number: int) -> str:
        """Return the link to a plain page, "" if it is not published."""
        self.dependencies.add(f"plain:{number}")
        return self._page(f"plain:{number}")

    def picture(self, rendition: Rendition) -> str:
        """Return the link to one size of a picture that `show` was told of."""
        return self.way(rendition.path)

    def show(self, picture: Picture) -> None:
        """Note that the page shows a picture, so that the edition brings it."""
        self.dependencies.add(f"picture:{picture.id}")
        self.pictures[picture.id] = picture

    def way(self, path: str) -> str:
        """Return the way to a path that is certainly there."""
        return paths.relative(path, self.path) if self._base is None else self._base + path

    @property
    def by_root(self) -> "Links":
        """Links by the root of the edition, which is a mere sign until `rooted`: for every page."""
        return Links("", self._index, ROOT)

    def rooted(self, html: str) -> str:
        """Return html of this page with the way to the root in place of its sign."""
        return html.replace(ROOT, self._root) if ROOT in html else html

    @property
    def _root(self) -> str:
        return "../" * self.path.count("/") if self._base is None else self._base

    def place(self, html: str) -> Markup:
        """Return html with its own links (article:12, plain:7, edition:PATH) put in.

        A link to what is not there becomes its text: readers never meet a dead end of ours.
        """
        if not any(kind in html for kind in _KINDS):
            return Markup(html)  # noqa: S704  it was clean before
        html = _ANCHOR.sub(self._anchor, html)
        return Markup(_ATTRIBUTE.sub(self._attribute, html))  # noqa: S704  it was clean before

    def _anchor(self, found: re.Match[str]) -> str:
        before, kind, target, part, after, text = found.groups(default="")
        way = self._own(kind, target)
        return f'<a{before} href="{way}{part}"{after}>{text}</a>' if way else text

    def _attribute(self, found: re.Match[str]) -> str:
        path, part = found.groups(default="")
        return f'="{self.to(path)}{part}"'

    def _own(self, kind: str, target: str) -> str:
        if kind == "edition":
            return self.to(target)
        if not target.isdecimal():
            return ""
        return self.article(int(target)) if kind == "article" else self.plain(int(target))

    def _page(self, job: str) -> str:
        path = self._index.path_of(job)
        return self.way(path) if path else ""


def own(path: str) -> str:
    """Return the link that stands in a fragment until it is placed on a page."""
    return OWN + path
