"""Which addresses play something elsewhere, who plays it, and where a reader would find it."""

import re
from urllib.parse import parse_qs, urlsplit

from tamizdat.desk.published.values import Embed

_PROVIDERS = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "wordpress.tv": "WordPress.tv",
    "videopress.com": "VideoPress",
    "dailymotion.com": "Dailymotion",
    "twitter.com": "Twitter",
    "x.com": "X",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "t.me": "Telegram",
    "soundcloud.com": "SoundCloud",
    "spotify.com": "Spotify",
    "ted.com": "TED",
    "tiktok.com": "TikTok",
    "flickr.com": "Flickr",
    "scribd.com": "Scribd",
    "reddit.com": "Reddit",
    "vk.com": "VK",
    "rutube.ru": "Rutube",
}


def provider(address: str) -> str:
    """Return the name of who shows what is at an address, its host's name if we know no better."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    for known, name in _PROVIDERS.items():
        if host == known or host.endswith(f".{known}"):
            return name
    return host


def plays(address: str) -> bool:
    """Return whether an address that stands alone in its line was meant to play there."""
    return provider(address) in _PROVIDERS.values() and urlsplit(address).path not in ("", "/")


def embed(address: str, title: str = "") -> Embed:
    """Return the linked still for an address; a player's address becomes that of its page."""
    page = _page(address)
    name = provider(page)
    return Embed(address=page, title=title or name, provider=name, still=None)


def _page(address: str) -> str:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    film = re.fullmatch(r"/(?:embed|v)/([\w-]{6,20})/?", parts.path)
    if film and provider(address) == "YouTube":
        return f"https://www.youtube.com/watch?v={film[1]}"
    film = re.fullmatch(r"/video/(\d+)/?", parts.path)
    if film and host == "player.vimeo.com":
        return f"https://vimeo.com/{film[1]}"
    if provider(address) == "Facebook" and parts.path.startswith("/plugins/"):
        return next(iter(parse_qs(parts.query).get("href", [])), address)
    return address
