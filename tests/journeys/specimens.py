"""Invented pages of every kind, for looking at the theme and testing it without a desk."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from markupsafe import Markup
from PIL import Image as Pillow
from PIL import ImageDraw

from tamizdat.lib.newsroom import LANGUAGES, Addresses, Look, Newsroom, Support
from tamizdat.lib.theme import Theme, direction
from tamizdat.press import body, pages
from tamizdat.press.images import Image, Source

NOON = datetime(2031, 3, 4, 16, 20, tzinfo=UTC)
WIDTHS = (320, 640, 1280)
INKS = ("#24313a", "#5a2a23", "#2b2f24", "#3a3350")
SKIES = ("#d8c9a8", "#c9d2cf", "#dcc7b3", "#b9c4d0", "#cfd0b4")

SAID = {
    "en": {
        "name": "Courts",
        "sections": ["Courts", "City", "Economy", "Water", "Culture", "Opinion"],
        "headline": [
            "The clerk of the Grain Exchange kept two ledgers, and one of them was true",
            "Ferry strike ends: the first boat leaves at six",
            "Who holds the keys to the sealed reading room",
            "The price of the Standard Loaf has not moved. The loaf has",
            "Two bridges, one engineer: the tender that nobody read",
            "The school on Tannery Hill reopens without its library",
            "What the new ordinance means for people who rent",
        ],
        "stand": "For nine years a quiet man in cuff protectors wrote down what was weighed, not what was reported.",
        "text": "The clerk came to the hearing with both books in a bread bag. He had numbered the pages himself, "
        "he said, because he did not trust the printer’s numbers, and he had kept the second book in the cellar "
        "of the Exchange, under the spare scales, where nobody had looked in nine years.",
        "link": "The judge asked him twice",
        "heading": "“I wrote what the needle said”",
        "quote": "A scale does not know who owns the sack.",
        "by": ["Edda Rohn", "Jannik Vole", "Grey Sound Agency"],
        "place": "Sarnholt",
        "caption": "Sacks wait on the quay of the Grain Exchange at dusk.",
        "letter": ("The Friday Weight", "Seven stories worth their weight, chosen by the desk.", "Every Friday."),
        "consent": "We keep your address sealed, write only what you asked for, and never count what you open.",
        "appeal": [
            "Dear readers, last spring the prosecutor put this newspaper on the Register. Since then nobody in "
            "Ledria may print us, advertise with us or pay us.",
            "We have no owner and no advertisers. What you read today was paid for by the people who read it "
            "yesterday. If you live where it is safe, please pay for tomorrow.",
        ],
        "signed": "Edda Rohn and Jannik Vole, editors",
        "heading_appeal": "A message from the editors",
        "safe": ("Reading is enough", "Giving to us may be a crime where you are. Please do not. Read, and stay safe."),
        "strip": "The Weighhouse is paid for by its readers.",
        "footer": ["About us", "Contact", "Corrections", "Privacy", "When we are blocked"],
    },
    "ru": {
        "sections": ["Суды", "Город", "Экономика", "Вода", "Культура", "Мнения"],
        "headline": [
            "Писарь Хлебной биржи вёл две книги, и одна из них была правдивой",
            "Забастовка паромщиков окончена: первый рейс в шесть",
            "У кого ключи от опечатанного читального зала",
            "Цена буханки не изменилась. Изменилась буханка",
            "Два моста, один инженер: тендер, который никто не прочёл",
            "Школа на Кожевенном холме открылась без библиотеки",
            "Что новое постановление значит для тех, кто снимает жильё",
        ],
        "stand": "Девять лет тихий человек в нарукавниках записывал то, что показывали весы, а не то, о чём докладывали.",
        "text": "Писарь принёс обе книги на заседание в хлебном мешке. Страницы он пронумеровал сам, потому что не "
        "доверял типографским номерам, а вторую книгу хранил в подвале биржи, под запасными весами, куда за девять "
        "лет никто не заглянул.",
        "link": "Судья переспросил дважды",
        "heading": "«Я записывал, что показала стрелка»",
        "quote": "Весы не знают, чей это мешок.",
        "by": ["Эдда Рон", "Янник Воле", "Агентство «Серый Зунд»"],
        "place": "Сарнхольт",
        "caption": "Мешки ждут на причале Хлебной биржи в сумерках.",
        "letter": ("Пятничный вес", "Семь историй, которые весят столько, сколько стоят.", "Каждую пятницу."),
        "consent": "Ваш адрес хранится запечатанным; мы пишем только то, о чём вы просили, и не считаем, что вы открыли.",
        "appeal": [
            "Дорогие читатели, прошлой весной прокурор внёс нашу газету в Реестр. С тех пор никто в Ледрии не может "
            "нас печатать, давать у нас рекламу или платить нам.",
            "У нас нет ни владельца, ни рекламодателей. То, что вы прочли сегодня, оплачено теми, кто читал нас вчера.",
        ],
        "signed": "Эдда Рон и Янник Воле, редакторы",
        "heading_appeal": "Письмо редакции",
        "safe": ("Достаточно читать", "Там, где вы живёте, помощь нам может считаться преступлением. Пожалуйста, не помогайте."),
        "strip": "«Весовую» оплачивают её читатели.",
        "footer": ["О нас", "Контакты", "Исправления", "Приватность", "Если нас заблокировали"],
    },
    "uk": {},
    "fa": {
        "sections": ["دادگاه‌ها", "شهر", "اقتصاد", "آب", "فرهنگ", "دیدگاه"],
        "headline": [
            "منشی بورس غله دو دفتر داشت و یکی از آن دو راست می‌گفت",
            "اعتصاب کرجی‌ها پایان یافت: نخستین قایق ساعت شش راه می‌افتد",
            "کلید تالار مطالعهٔ پلمب‌شده دست کیست",
            "بهای نان تغییر نکرده است؛ خود نان تغییر کرده",
            "دو پل، یک مهندس: مناقصه‌ای که کسی نخواند",
            "مدرسهٔ تپهٔ دباغ‌ها بی کتابخانه باز شد",
            "آیین‌نامهٔ تازه برای مستأجران چه معنایی دارد",
        ],
        "stand": "نُه سال مردی آرام آنچه را ترازو نشان می‌داد می‌نوشت، نه آنچه را گزارش می‌کردند.",
        "text": "منشی هر دو دفتر را در کیسهٔ نان به دادگاه آورد. گفت صفحه‌ها را خودش شماره زده، چون به شمارهٔ چاپخانه "
        "اعتماد نداشت، و دفتر دوم را در زیرزمین بورس، زیر ترازوهای یدکی نگه می‌داشت؛ جایی که در نُه سال هیچ‌کس نگاهش نکرد.",
        "link": "قاضی دو بار از او پرسید",
        "heading": "«آنچه را عقربه گفت نوشتم»",
        "quote": "ترازو نمی‌داند کیسه مال کیست.",
        "by": ["ادا رون", "یانیک وله", "خبرگزاری زوند خاکستری"],
        "place": "سارنهولت",
        "caption": "کیسه‌ها در غروب بر اسکلهٔ بورس غله در انتظارند.",
        "letter": ("وزنهٔ جمعه", "هفت گزارش که به وزنشان می‌ارزند.", "هر جمعه."),
        "consent": "نشانی شما مهروموم نگه داشته می‌شود؛ تنها همان را که خواسته‌اید می‌فرستیم و نمی‌شماریم چه را باز کرده‌اید.",
        "appeal": [
            "خوانندگان گرامی، بهار گذشته دادستان این روزنامه را در فهرست ثبت گذاشت. از آن پس در لدریا کسی نمی‌تواند ما را "
            "چاپ کند، به ما آگهی بدهد یا به ما پول بپردازد.",
            "ما نه مالکی داریم و نه آگهی‌دهنده‌ای. آنچه امروز خواندید با پول خوانندگان دیروز نوشته شد.",
        ],
        "signed": "ادا رون و یانیک وله، سردبیران",
        "heading_appeal": "پیامی از سردبیران",
        "safe": ("خواندن بس است", "شاید جایی که هستید کمک به ما جرم باشد. لطفاً کمک نکنید."),
        "strip": "هزینهٔ «قپان‌خانه» را خوانندگانش می‌پردازند.",
        "footer": ["دربارهٔ ما", "تماس", "تصحیح‌ها", "حریم خصوصی", "اگر مسدود شدیم"],
    },
}  # fmt: skip


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
        pen.polygon([(left - 8, 520 - high), (left + 43, 470 - high), (left + 94, 520 - high)], fill=ink)
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
        srcset=srcset("jpg"),
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
            "404": pages.NotFound(self.frame("notfound", title="404")),
            "edition": self.edition(),
        }
        return {f"{name}.html": self.print(page) for name, page in made.items()}

    def print(self, page: Any) -> str:
        return self.theme.render(page.template, self.language, page=page, frame=page.frame, link=page.frame.link)

    def frame(self, kind: str, **changed: Any) -> pages.Frame:
        said = self.said
        sections = [
            pages.Link("section.html", name, current=kind == "article" and at == 2)
            for at, name in enumerate(said["sections"])
        ]
        tongues = [
            pages.LanguageLink(code, name, direction(code), f"../{code}/{kind}.html", code == self.language)
            for code, name in LANGUAGES.items()
        ]
        asks = kind in ("article", "section", "topic", "person")
        whole = pages.Frame(
            kind=kind, language=self.language, dir=direction(self.language), title="",
            description="What the scales said, and what was reported.", path=f"{self.language}/{kind}.html",
            root="../", canonical=f"http://127.0.0.1:8140/{self.language}/{kind}.html", noindex=True,
            demonstration=True, home="front.html", sections=tuple(sections), languages=tuple(tongues),
            alternates=tuple(pages.Alternate(t.language, f"http://127.0.0.1:8140/{t.language}/{kind}.html") for t in tongues),
            footer=tuple(pages.Link("plain.html", name) for name in said["footer"]), archive="archive.html",
            edition="edition.html", feeds=(pages.Feed("feed.rss.xml", "application/rss+xml", "RSS"),), favicon="",
            opengraph=(("og:type", "article"), ("og:title", said["headline"][0])),
            json_ld=Markup('{"@context":"https://schema.org","@type":"NewsArticle"}'),
            strip=Markup(self.strip() if asks or kind == "front" else ""),
            newsletter=Markup(self.newsletter() if asks else ""), appeal=Markup(self.appeal() if asks else ""),
            policy=self.policy, link=lambda path: path,
        )  # fmt: skip
        return replace(whole, **changed)

    def strip(self) -> str:
        if self.policy != "ask":
            return ""
        return self.theme.render("parts/strip.html", self.language, support_href="#support", sentence=self.said["strip"])

    def newsletter(self, count: int = 1) -> str:
        code = ("friday", *self.said["letter"], "plain.html")
        daily = ("alerts", *self.said["letter"][:2], "", "")
        return self.theme.render(
            "parts/newsletter.html", self.language, action="http://127.0.0.1:8141/subscribe",
            newsletters=[code, daily][:count], privacy_href="plain.html", privacy_version="2031-01",
            language=self.language, consent_text=self.said["consent"],
        )  # fmt: skip

    def appeal(self, template: str = "parts/appeal.html") -> str:
        safe_heading, safe_text = self.said["safe"]
        return self.theme.render(
            template, self.language, policy=self.policy, heading=self.said["heading_appeal"],
            paragraphs=self.said["appeal"], signed=self.said["signed"], action="http://127.0.0.1:8141/give",
            currency="EUR", amounts={"once": [500, 1000, 2500], "month": [300, 500, 1000], "year": [3000, 5000, 10000]},
            methods=["Card", "Apple Pay", "SEPA"], safe_heading=safe_heading, safe_paragraphs=[safe_text],
            read_first_href="plain.html", reminder_action="http://127.0.0.1:8141/remind", reminder_month=[],
            calendar_href="remind.ics", support_href="#support",
        )  # fmt: skip

    def teasers(self, first: int = 0, count: int = 6) -> tuple[pages.Teaser, ...]:
        said = self.said
        return tuple(
            pages.Teaser(
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

    def blocks(self) -> tuple[body.Block, ...]:
        said = self.said
        text = Markup(f"<p>{said['text']}</p><p><a href=\"https://example.org/\">{said['link']}</a>. {said['text']}</p>")
        shot = replace(draw(self.folder, 3), caption=said["caption"], credit=said["by"][2], alt=said["caption"])
        return (
            body.Text(text), body.Heading(said["heading"], "needle"), body.Text(text),
            body.Quote(said["quote"], said["by"][0]), body.Text(text), body.Figure(shot),
            body.Items(tuple(Markup(line) for line in said["headline"][1:4]), ordered=False),
            body.Facts(said["sections"][2], Markup(f"<p>{said['stand']}</p><ul><li>412</li><li>612</li></ul>")),
            body.Table(said["caption"], ("2029", "2030", "2031"), (("612 g", "604 g", "571 g"), ("1.20", "1.20", "1.20"))),
            body.Text(text), body.Embed("https://example.org/film", said["headline"][2], "example.org", shot),
            body.Text(text),
        )  # fmt: skip

    def article(self) -> pages.ArticlePage:
        said = self.said
        by = ("by", "by", "photographs")
        frame = self.frame("article", title=said["headline"][0])
        return pages.ArticlePage(
            frame=frame, kicker="", section=pages.Link("section.html", said["sections"][2]),
            headline=said["headline"][0], standfirst=said["stand"], dateline=said["place"],
            signatures=tuple(
                pages.Signature(name, "", "person.html", role, "reporter")
                for name, role in zip(said["by"], by, strict=True)
            ),
            published=NOON, updated=NOON + timedelta(minutes=45),
            lead=replace(draw(self.folder, 0), caption=said["caption"], credit=said["by"][2], alt=said["caption"]),
            body=self.blocks(), topics=(pages.Link("section.html", said["sections"][3]),),
            corrections=(pages.Correction(NOON + timedelta(minutes=45), said["quote"]),),
            translations=tuple(t for t in frame.languages if not t.current), more=self.teasers(1, 6),
            sensitive=False, minutes=4,
        )  # fmt: skip

    def front(self) -> pages.FrontPage:
        said = self.said
        lead, *seconds = self.teasers(0, 3)
        bands = tuple(
            pages.Band("section.html", said["sections"][at], self.teasers(at + 1, 4 + at % 2)) for at in range(4)
        )
        return pages.FrontPage(
            frame=self.frame("front"), lead=replace(lead, standfirst=said["stand"], names=(said["by"][0],)),
            seconds=tuple(seconds), river=self.teasers(1, 10), bands=bands,
            pinned=(pages.Link("section.html", said["sections"][3]), pages.Link("section.html", said["sections"][1])),
            live=pages.Live(said["headline"][1], "article.html"),
            boxes=Markup(self.newsletter(2) + self.appeal("parts/front.html")), date=NOON + timedelta(hours=1), number=2418,
        )  # fmt: skip

    def listing(self, kind: str) -> pages.ListingPage:
        name = self.said["sections"][0] if kind == "section" else self.said["by"][0]
        return pages.ListingPage(
            self.frame(kind, title=name), name, self.said["stand"], self.teasers(0, 9), older="section.html"
        )

    def archive(self) -> pages.ArchiveIndex:
        months = tuple(pages.Month("section.html", datetime(2030, at, 1, 12, tzinfo=UTC)) for at in range(12, 0, -1))
        links = tuple(pages.Link("section.html", name) for name in self.said["sections"])
        years = (pages.ArchiveYear(2031, months[:2]), pages.ArchiveYear(2030, months))
        return pages.ArchiveIndex(self.frame("archive", title="Archive"), years, links, links)

    def plain(self) -> pages.PlainPage:
        title = self.said["footer"][3]
        return pages.PlainPage(self.frame("plain", title=title), title, self.blocks()[:5], NOON, "2031-01")

    def edition(self) -> pages.EditionPage:
        frame = self.frame("edition", title="2418")
        return pages.EditionPage(frame, 2418, NOON, "manifest.json", "http://127.0.0.1:8140")
