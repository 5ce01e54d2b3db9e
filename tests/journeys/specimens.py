"""Invented pages of every kind, for looking at the theme and testing it without a desk."""

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from markupsafe import Markup
from PIL import Image as Pillow
from PIL import ImageDraw

from tamizdat.lib.newsroom import LANGUAGES, Addresses, Look, Newsroom, Support
from tamizdat.lib.theme import Theme, direction
from tamizdat.press.pages import blocks as page_blocks
from tamizdat.press.pages import view_models
from tamizdat.press.pages.images import Image, Source

NOON = datetime(2031, 3, 4, 16, 20, tzinfo=UTC)
WIDTHS = (320, 640, 1280)
INKS = ("#24313a", "#5a2a23", "#2b2f24", "#3a3350")
SKIES = ("#d8c9a8", "#c9d2cf", "#dcc7b3", "#b9c4d0", "#cfd0b4")

SAID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def newsroom(folder: Path, **changed: Any) -> Newsroom:
    here = "http://127.0.0.1:8140"
    whole = Newsroom(
        folder=folder,
        name="The Weighhouse",
        languages=("en", "ru", "uk", "fa"),
        addresses=Addresses(here, "http://127.0.0.1:8141", here, "http://127.0.0.1:8143"),
        time_zone="Europe/Riga",
        demonstration=True,
        look=Look(
            tagline={
                "en": "Sarnholt’s newspaper, for the time being from abroad",
                "ru": "Газета Сарнхольта, пока что из-за границы",
                "fa": "روزنامهٔ سارنهولت، فعلاً از راه دور",
            },
            licence={"en": "Texts may be republished with our name under CC BY-ND 4.0."},
        ),
        support=Support(careful_time_zones=("Europe/Riga", "Asia/Tehran")),
    )
    return replace(whole, **changed)


def draw(folder: Path, number: int) -> Image:
    """Draw a harbour, a little different each time, in all forms and sizes."""
    sky, ink = SKIES[number % len(SKIES)], INKS[number % len(INKS)]
    scene = Pillow.new("RGB", (1280, 720), sky)
    pen = ImageDraw.Draw(scene)
    sun = 200 + number * 170 % 880
    pen.ellipse((sun, 120, sun + 180, 300), fill="#b5422f")
    for house in range(number % 3, 12):
        left, high = house * 112, 90 + house * 53 * (number + 2) % 170
        pen.rectangle((left, 520 - high, left + 86, 540), fill=ink)
        pen.polygon(
            [(left - 8, 520 - high), (left + 43, 470 - high), (left + 94, 520 - high)], fill=ink
        )
        pen.rectangle((left + 34, 490 - high // 2, left + 52, 514 - high // 2), fill="#f3e2a9")
    pen.rectangle((0, 538, 1280, 720), fill=ink)
    for wave in range(9):
        at = wave * 150 + number * 40 % 90
        pen.line((at, 580 + wave * 29 % 120, at + 110, 580 + wave * 29 % 120), fill=sky, width=4)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for form in ("avif", "webp", "jpg"):
        for width in WIDTHS:
            path = folder / f"pictures/p{number}-{width}.{form}"
            if not path.exists():
                scene.resize((width, width * 9 // 16)).save(path, quality=60)
    return picture(number, sky)


def picture(number: int, colour: str) -> Image:
    def srcset(form: str) -> str:
        return ", ".join(f"../pictures/p{number}-{width}.{form} {width}w" for width in WIDTHS)

    return Image(
        sources=(Source("image/avif", srcset("avif")), Source("image/webp", srcset("webp"))),
        src=f"../pictures/p{number}-640.jpg",
        sizes="(min-width: 58rem) 56rem, 100vw",
        width=1280,
        height=720,
        alt="",
        caption="",
        credit="",
        colour=colour,
        focus="50% 78%",
    )


@dataclass(frozen=True)
class Specimens:
    """Makes the pages of one language, with the parts that other rooms put into them."""

    theme: Theme
    folder: Path
    language: str
    policy: str = "ask"

    @property
    def said(self) -> dict[str, Any]:
        return SAID["en"] | SAID["ru" if self.language == "uk" else self.language]

    def everything(self) -> dict[str, str]:
        """Return the html of each kind of page by a file name."""
        made = {
            "article": self.article(),
            "front": self.front(),
            "section": self.listing("section"),
            "person": self.listing("person"),
            "archive": self.archive(),
            "plain": self.plain(),
            "404": view_models.NotFound(self.frame("notfound", title="404")),
            "edition": self.edition(),
        }
        return {f"{name}.html": self.print(page) for name, page in made.items()}

    def print(self, page: Any) -> str:
        return self.theme.render(
            page.template, self.language, page=page, frame=page.frame, link=page.frame.link
        )

    def frame(self, kind: str, **changed: Any) -> view_models.Layout:
        said = self.said
        sections = [
            view_models.Link("section.html", name, current=kind == "article" and at == 2)
            for at, name in enumerate(said["sections"])
        ]
        tongues = [
            view_models.LanguageLink(
                code, name, direction(code), f"../{code}/{kind}.html", code == self.language
            )
            for code, name in LANGUAGES.items()
        ]
        asks = kind in ("article", "section", "topic", "person")
        whole = view_models.Layout(
            kind=kind,
            language=self.language,
            dir=direction(self.language),
            title="",
            description="What the scales said, and what was reported.",
            path=f"{self.language}/{kind}.html",
            root="../",
            canonical=f"http://127.0.0.1:8140/{self.language}/{kind}.html",
            noindex=True,
            demonstration=True,
            home="front.html",
            sections=tuple(sections),
            languages=tuple(tongues),
            alternates=tuple(
                view_models.Alternate(t.language, f"http://127.0.0.1:8140/{t.language}/{kind}.html")
                for t in tongues
            ),
            footer=tuple(view_models.Link("plain.html", name) for name in said["footer"]),
            archive="archive.html",
            edition="edition.html",
            feeds=(view_models.Feed("feed.rss.xml", "application/rss+xml", "RSS"),),
            favicon="../favicon.svg",
            opengraph=(("og:type", "article"), ("og:title", said["headline"][0])),
            json_ld=Markup('{"@context":"https://schema.org","@type":"NewsArticle"}'),
            strip=Markup(self.strip() if asks or kind == "front" else ""),
            newsletter=Markup(self.newsletter() if asks else ""),
            appeal=Markup(self.appeal() if asks else ""),
            policy=self.policy,
            link=lambda path: path,
        )
        return replace(whole, **changed)

    def strip(self) -> str:
        if self.policy != "ask":
            return ""
        return self.theme.render(
            "parts/strip.html",
            self.language,
            support_href="#support",
            sentence=self.said["strip"],
        )

    def newsletter(self, count: int = 1) -> str:
        code = ("friday", *self.said["letter"], "plain.html")
        daily = ("alerts", *self.said["letter"][:2], "", "")
        return self.theme.render(
            "parts/newsletter.html",
            self.language,
            action="http://127.0.0.1:8141/subscribe",
            newsletters=[code, daily][:count],
            privacy_href="plain.html",
            privacy_version="2031-01",
            language=self.language,
            consent_text=self.said["consent"],
        )

    def appeal(self, template: str = "parts/appeal.html") -> str:
        safe_heading, safe_text = self.said["safe"]
        return self.theme.render(
            template,
            self.language,
            policy=self.policy,
            heading=self.said["heading_appeal"],
            paragraphs=self.said["appeal"],
            signed=self.said["signed"],
            action="http://127.0.0.1:8141/give",
            currency="EUR",
            amounts={
                "once": [500, 1000, 2500],
                "month": [300, 500, 1000],
                "year": [3000, 5000, 10000],
            },
            methods=["Card", "Apple Pay", "SEPA"],
            safe_heading=safe_heading,
            safe_paragraphs=[safe_text],
            read_first_href="plain.html",
            reminder_action="http://127.0.0.1:8141/remind",
            reminder_month=[],
            calendar_href="remind.ics",
            support_href="#support",
        )

    def teasers(self, first: int = 0, count: int = 6) -> tuple[view_models.Teaser, ...]:
        said = self.said
        return tuple(
            view_models.Teaser(
                href="article.html",
                kicker=said["sections"][at % 6],
                headline=said["headline"][at % 7],
                standfirst=said["stand"] if at % 3 else "",
                published=NOON - timedelta(hours=5 * at * at),
                names=(said["by"][at % 2],) if at % 4 else (),
                image=None if at % 5 == 4 else draw(self.folder, at % 7),
                sensitive=False,
            )
            for at in range(first, first + count)
        )

    def blocks(self) -> tuple[page_blocks.Block, ...]:
        said = self.said
        link = f'<a href="https://example.org/">{said["link"]}</a>'
        text = Markup(f"<p>{said['text']}</p><p>{link}. {said['text']}</p>")
        shot = replace(
            draw(self.folder, 3), caption=said["caption"], credit=said["by"][2], alt=said["caption"]
        )
        return (
            page_blocks.Text(text),
            page_blocks.Heading(said["heading"], "needle"),
            page_blocks.Text(text),
            page_blocks.Quote(said["quote"], said["by"][0]),
            page_blocks.Text(text),
            page_blocks.Figure(shot),
            page_blocks.Items(tuple(Markup(line) for line in said["headline"][1:4]), ordered=False),
            page_blocks.Facts(
                said["sections"][2], Markup(f"<p>{said['stand']}</p><ul><li>412</li></ul>")
            ),
            page_blocks.Table(
                said["caption"],
                ("2029", "2030", "2031"),
                (("612 g", "604 g", "571 g"), ("1.20", "1.20", "1.20")),
            ),
            page_blocks.Text(text),
            page_blocks.Embed("https://example.org/film", said["headline"][2], "example.org", shot),
            page_blocks.Text(text),
        )

    def article(self) -> view_models.ArticlePage:
        said = self.said
        by = ("by", "by", "photographs")
        frame = self.frame("article", title=said["headline"][0])
        return view_models.ArticlePage(
            frame=frame,
            kicker="",
            section=view_models.Link("section.html", said["sections"][2]),
            headline=said["headline"][0],
            standfirst=said["stand"],
            dateline=said["place"],
            signatures=tuple(
                view_models.Signature(name, "", "person.html", role, "reporter")
                for name, role in zip(said["by"], by, strict=True)
            ),
            published=NOON,
            updated=NOON + timedelta(minutes=45),
            lead=replace(
                draw(self.folder, 0),
                caption=said["caption"],
                credit=said["by"][2],
                alt=said["caption"],
            ),
            body=self.blocks(),
            topics=(view_models.Link("section.html", said["sections"][3]),),
            corrections=(view_models.Correction(NOON + timedelta(minutes=45), said["quote"]),),
            translations=tuple(t for t in frame.languages if not t.current),
            more=self.teasers(1, 6),
            sensitive=False,
            minutes=4,
        )

    def front(self) -> view_models.FrontPage:
        said = self.said
        lead, *seconds = self.teasers(0, 3)
        bands = tuple(
            view_models.Band("section.html", said["sections"][at], self.teasers(at + 1, 4 + at % 2))
            for at in range(4)
        )
        return view_models.FrontPage(
            frame=self.frame("front"),
            lead=replace(lead, standfirst=said["stand"], names=(said["by"][0],)),
            seconds=tuple(seconds),
            river=self.teasers(1, 10),
            bands=bands,
            pinned=(
                view_models.Link("section.html", said["sections"][3]),
                view_models.Link("section.html", said["sections"][1]),
            ),
            live=view_models.Live(said["headline"][1], "article.html"),
            boxes=Markup(self.newsletter(2) + self.appeal("parts/front.html")),
            date=NOON + timedelta(hours=1),
            number=2418,
        )

    def listing(self, kind: str) -> view_models.ListingPage:
        name = self.said["sections"][0] if kind == "section" else self.said["by"][0]
        return view_models.ListingPage(
            self.frame(kind, title=name),
            name,
            self.said["stand"],
            self.teasers(0, 9),
            older="section.html",
        )

    def archive(self) -> view_models.ArchiveIndex:
        months = tuple(
            view_models.Month("section.html", datetime(2030, at, 1, 12, tzinfo=UTC))
            for at in range(12, 0, -1)
        )
        links = tuple(view_models.Link("section.html", name) for name in self.said["sections"])
        years = (view_models.ArchiveYear(2031, months[:2]), view_models.ArchiveYear(2030, months))
        return view_models.ArchiveIndex(self.frame("archive", title="Archive"), years, links, links)

    def plain(self) -> view_models.PlainPage:
        title = self.said["footer"][3]
        return view_models.PlainPage(
            self.frame("plain", title=title), title, self.blocks()[:5], NOON, "2031-01"
        )

    def edition(self) -> view_models.EditionPage:
        frame = self.frame("edition", title="2418")
        return view_models.EditionPage(frame, 2418, NOON, "manifest.json", "http://127.0.0.1:8140")
