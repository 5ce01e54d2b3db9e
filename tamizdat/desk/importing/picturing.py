"""Which file an old picture is, and what it says: a caption and an alt text it may have lacked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from tamizdat.desk.importing.archive import Archive, Attachment
from tamizdat.desk.importing.html.pieces import Gallery, Notes, Photo, Piece
from tamizdat.desk.importing.media_folder import MediaFolder

LONGEST_WORDS = 400
_FILE_NAME = re.compile(
    r"(?i)\S*\.(?:jpe?g|png|gif|webp|avif|tiff?|heic)|(?:img|dsc|dscn|pict?|image|foto|photo)?"
    r"[\s_-]*\d[\w\s-]*|\S*(?:\d\S*){4}"
)
_PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|heic|heif|bmp|svg)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture whose file was found, with the words that stand under and for it."""

    file: Path
    key: str  # its attachment's, or its place in the media folder
    title: str
    caption: str
    alt: str


def photos(piece: Piece, post: int, archive: Archive, notes: Notes) -> list[Photo] | None:
    """Return the pictures that a piece stands for, None if it is none of pictures."""
    if isinstance(piece, Photo):
        return [piece]
    if not isinstance(piece, Gallery):
        return None
    if not piece.numbers:
        return [_of(found) for found in archive.attached_to(post) if is_picture(found)]
    return list(_gallery(piece.numbers, archive, notes))


def shown(
    photo: Photo, archive: Archive, media: MediaFolder, headline: str, notes: Notes
) -> Shown | None:
    """Return a picture with its file and words, None if there is no file of it."""
    attachment = archive.attachments.get(photo.number)
    file = media.find(photo.address)
    if file is None and attachment:
        file = media.find(attachment.address)
    if file is None:
        notes.leave_out(f"picture {photo.address}: {missing(media)}")
        return None
    name = unquote(PurePosixPath(urlsplit(photo.address).path).name)
    alt = _alt(photo, attachment, headline, name, notes)
    caption = _caption(photo, attachment, alt, name, notes)
    title = attachment.title if attachment and attachment.title else name
    key = attachment.key if attachment else f"file:{media.place(file)}"
    return Shown(file, key, title, caption, alt)


def missing(media: MediaFolder) -> str:
    """Return why a file was not found."""
    if media.folder is None:
        return "no folder with its file was named (--media)"
    return "its file is not in the media folder"


def is_picture(attachment: Attachment) -> bool:
    """Return whether an attachment is a picture, by the name of its file."""
    return bool(_PICTURE.search(urlsplit(attachment.address).path))


def telling(text: str) -> bool:
    """Return whether a text tells something: what cameras call their files does not."""
    return bool(text.strip()) and not _FILE_NAME.fullmatch(text.strip())


def _gallery(numbers: tuple[int, ...], archive: Archive, notes: Notes) -> Iterator[Photo]:
    for number in numbers:
        attachment = archive.attachments.get(number)
        if attachment:
            yield _of(attachment)
        else:
            notes.leave_out(f"picture {number} of a gallery: it is not in the export")


def _of(attachment: Attachment) -> Photo:
    return Photo(attachment.address, attachment.number, "", "")


def _alt(
    photo: Photo, attachment: Attachment | None, headline: str, name: str, notes: Notes
) -> str:
    said = [photo.alt, attachment.alt if attachment else ""]
    if alt := next(filter(telling, said), ""):
        return alt[:LONGEST_WORDS]
    stands_in = {
        "caption": photo.caption or (attachment.caption if attachment else ""),
        "title": attachment.title if attachment else "",
        "article's headline": headline,
    }
    source, alt = next(
        (what, text) for what, text in stands_in.items() if telling(text) or text == headline
    )
    notes.adjust(f"picture {name} had no alt text: its {source} stands in")
    return alt[:LONGEST_WORDS]


def _caption(photo: Photo, attachment: Attachment | None, alt: str, name: str, notes: Notes) -> str:
    said = photo.caption or (attachment.caption if attachment else "")
    if not said:
        notes.adjust(f"picture {name} had no caption: its alt text stands in")
    return (said or alt)[:LONGEST_WORDS]
