"""Small files that ask a decoder for much more than they are: one or more of each kind we take."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms

pillow_heif.register_heif_opener()
ENDS = b"\xff\xd9"
SCAN = b"\xff\xda"
APP1, APP2 = b"\xff\xe1", b"\xff\xe2"
SEGMENT = 65_519  # bytes of a colour profile that one segment of a JPEG holds


def bombs() -> dict[str, bytes]:
    """Return thirty names and files: most of a few hundred kilobytes, none above 17 MB."""
    return {
        "wide.png": png(60_000, 60_000, 2),
        "bits.png": png(14_000, 14_000, 0, bits=1),
        "largest.png": png(5_500, 5_000, 2),
        "clear.png": png(6_000, 5_000, 6),
        "deep.png": png(9_000, 9_000, 6, bits=16),
        "text.png": png(64, 64, 2, notes=[text() for _ in range(62)]),
        "texts.png": png(64, 64, 2, notes=[text() for _ in range(90)]),
        "words.png": png(64, 64, 2, notes=[text(150_000_000)]),
        "raw.png": png(64, 64, 2, notes=[text(key=b"Raw profile type exif")]),
        "tags.png": png(64, 64, 2, notes=[chunk(b"eXIf", tags())]),
        "colours.png": png(64, 64, 2, notes=[profile()]),
        "screen.gif": gif(65_535, 65_535, 1),
        "frame.gif": gif(10, 10, 1, frame=(65_535, 65_535)),
        "frames.gif": gif(200, 200, 20_000),
        "canvas.webp": webp(),
        "frames.webp": film((16_383, 16_383), (16, 16), 200),
        "film.webp": film((3_000, 2_500), (3_000, 2_500), 5_000),
        "wide.avif": with_size(saved("AVIF"), 20_000, 10_000),
        "film.avif": sequence(500_000),
        "wide.heic": with_size(saved("HEIF"), 14_000, 14_000),
        "grid.heic": with_size(saved("HEIF", (512, 512), grid_tile_size=64), 60_000, 60_000),
        "wide.tiff": tiff(60_000, 60_000, 1),
        "strip.tiff": tiff(9_000, 9_000, 9_000, pixels=True),
        "strips.tiff": tiff(30, 200_000_000, 1),
        "wide.jpg": jpeg(65_500, 65_500),
        "scans.jpg": jpeg(4_000, 3_000, scans=3_000),
        "segments.jpg": with_segments(APP2, [b""] * 2_000_000),
        "profile.jpg": with_profile(),
        "tags.jpg": with_exif(tags()),
        "thumbnail.jpg": with_exif(thumbnail(jpeg(65_500, 65_500))),
    }


def png(width, height, kind, bits=8, notes=()):
    """A PNG of nothing but zeros, whole unless it would be more than 200 MB."""
    channels = {0: 1, 2: 3, 6: 4}[kind]
    row = (width * channels * bits + 7) // 8 + 1
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    rows = height if row * height < 200_000_000 else 1_000
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", head),
            *notes,
            chunk(b"IDAT", zeros(row * rows)),
            chunk(b"IEND", b""),
        )
    )


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def zeros(length):
    packer, piece = zlib.compressobj(1), bytes(2**20)
    packed = [packer.compress(piece) for _ in range(length // len(piece))]
    return b"".join((*packed, packer.compress(bytes(length % len(piece))), packer.flush()))


def text(length=1_000_000, key=b"Author"):
    return chunk(b"zTXt", key + b"\0\0" + zeros(length))


def profile():
    return chunk(b"iCCP", b"sRGB\0\0" + zeros(150_000_000))


def gif(width, height, frames, frame=None):
    """A GIF whose frames are one pixel's worth of data each."""
    across, down = frame or (1, 1)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    picture = b"," + struct.pack("<HHHHB", 0, 0, across, down, 0) + b"\x02\x02\x44\x01\x00"
    return head + picture * frames + b";"


def webp():
    """A WebP of a few pixels whose canvas has 16,384 to each side."""
    head = riff(b"VP8X", bytes(4) + less_one((16_384, 16_384)))
    return riff(b"RIFF", b"WEBP" + head + saved("WEBP", (16, 16))[12:])


def film(canvas, size, frames):
    """A WebP of so many pictures of this size, each of a few hundred bytes at most."""
    one = saved("WEBP", size, lossless=True)[12:]
    frame = riff(b"ANMF", bytes(6) + less_one(size) + bytes(4) + one)
    head = riff(b"VP8X", struct.pack("<I", 2) + less_one(canvas)) + riff(b"ANIM", bytes(6))
    return riff(b"RIFF", b"WEBP" + head + frame * frames)


def less_one(size):
    return b"".join((side - 1).to_bytes(3, "little") for side in size)


def riff(kind, body):
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def sequence(frames):
    """An AVIF of so many pictures, all of which are the same bytes of the file."""
    data = saved("AVIF", save_all=True, append_images=[Image.new("RGB", (64, 64))])
    (length,) = struct.unpack_from(">I", data, data.index(b"stsz") + 16)
    places = struct.pack(">I", data.index(b"mdat") + 4) * frames
    tables = {
        b"stts": struct.pack(">4I", 0, 1, frames, 1),
        b"stsc": struct.pack(">5I", 0, 1, 1, 1, 1),
        b"stsz": struct.pack(">3I", 0, length, frames),
        b"stco": struct.pack(">2I", 0, frames) + places,
    }
    at = data.index(b"moov") - 4
    (end,) = struct.unpack_from(">I", data, at)
    film = with_tables(data[at : at + end], tables)
    return data[: at + 4] + b"free" + data[at + 8 :] + film


def with_tables(boxes, tables):
    made = b""
    while boxes:
        length, kind = struct.unpack_from(">I4s", boxes)
        body = tables.get(kind, boxes[8:length])
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
            body = with_tables(body, tables)
        made += struct.pack(">I", 8 + len(body)) + kind + body
        boxes = boxes[length:]
    return made


def saved(kind, size=(64, 64), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "#123456").save(out, kind, **options)
    return out.getvalue()


def with_size(data, width, height):
    """The same AVIF or HEIC file, whose every `ispe` box tells another size."""
    parts = data.split(b"ispe")
    told = bytes(4) + struct.pack(">II", width, height)
    return b"ispe".join([parts[0], *(told + part[12:] for part in parts[1:])])


def tiff(width, height, rows, *, pixels=False):
    """A TIFF in which so many rows make one strip, packed by zlib."""
    body = zeros(width * rows * 3) if pixels else b"\x78\x9c\x03\x00\x00\x00\x00\x01"
    end = 8 + len(body)
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 8),
        (262, 3, 1, 2),
        (273, 4, 1, 8),
        (277, 3, 1, 3),
        (278, 4, 1, rows),
        (279, 4, 1, len(body)),
    ]
    folder = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = b"II*\0" + struct.pack("<I", end)
    return head + body + struct.pack("<H", len(entries)) + folder + bytes(4)


def jpeg(width, height, scans=0):
    """A JPEG that is as large as it says; or one that is drawn over and over again."""
    out = io.BytesIO()
    side = (width, height) if scans else (64, 64)
    Image.new("L", side, 99).save(out, "JPEG", progressive=bool(scans), quality=90)
    data = out.getvalue()
    if scans:
        last = data.rindex(SCAN)
        return data[:-2] + data[last:-2] * scans + ENDS
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def with_segments(marker, parts):
    """A small JPEG with so many segments before its picture."""
    data = saved("JPEG")
    return data[:2] + b"".join(marker + struct.pack(">H", len(p) + 2) + p for p in parts) + data[2:]


def with_profile():
    """A small JPEG with a colour profile as large as a JPEG can hold."""
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    whole = struct.pack(">I", 255 * SEGMENT) + known[4:] + bytes(255 * SEGMENT - len(known))
    parts = enumerate(pieces(whole, SEGMENT), start=1)
    return with_segments(
        APP2, [b"ICC_PROFILE\0" + bytes((number, 255)) + part for number, part in parts]
    )


def with_exif(notes):
    return with_segments(APP1, [b"Exif\0\0" + part for part in pieces(notes, 65_000)])


def pieces(data, length):
    return [data[at : at + length] for at in range(0, len(data), length)]


def tags(many=65_535):
    """EXIF of 786 KB in which each tag names nearly all of it: 47 GB."""
    entries = [struct.pack(">HHII", tag, 1, 11 * many, 8) for tag in range(many)]
    return b"MM\0*" + struct.pack(">IH", 8, many) + b"".join(entries) + bytes(4)


def thumbnail(picture):
    """EXIF with a picture of its own."""
    place = [(0x103, 3, 1, 6 << 16), (0x201, 4, 1, 56), (0x202, 4, 1, len(picture))]
    first = b"MM\0*" + struct.pack(">IHI", 8, 0, 14)
    entries = [struct.pack(">HHII", *entry) for entry in place]
    return first + struct.pack(">H", len(entries)) + b"".join(entries) + bytes(4) + picture
