"""Small files that ask a decoder for much more than they are: one or more of each kind we take."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
ENDS = b"\xff\xd9"
SCAN = b"\xff\xda"


def bombs() -> dict[str, bytes]:
    """Return twenty names and files, none above a few hundred kilobytes."""
    return {
        "wide.png": png(60_000, 60_000, 2),
        "bits.png": png(14_000, 14_000, 0, bits=1),
        "largest.png": png(5_500, 5_000, 2),
        "clear.png": png(6_000, 5_000, 6),
        "deep.png": png(9_000, 9_000, 6, bits=16),
        "text.png": png(64, 64, 2, notes=[text() for _ in range(62)]),
        "colours.png": png(64, 64, 2, notes=[profile()]),
        "screen.gif": gif(65_535, 65_535, 1),
        "frame.gif": gif(10, 10, 1, frame=(65_535, 65_535)),
        "frames.gif": gif(200, 200, 20_000),
        "canvas.webp": webp(),
        "frames.webp": webp(frames=200),
        "wide.avif": with_size(saved("AVIF"), 20_000, 10_000),
        "wide.heic": with_size(saved("HEIF"), 14_000, 14_000),
        "grid.heic": with_size(saved("HEIF", side=512, grid_tile_size=64), 60_000, 60_000),
        "wide.tiff": tiff(60_000, 60_000, 1),
        "strip.tiff": tiff(9_000, 9_000, 9_000, pixels=True),
        "strips.tiff": tiff(30, 200_000_000, 1),
        "wide.jpg": jpeg(65_500, 65_500),
        "scans.jpg": jpeg(4_000, 3_000, scans=3_000),
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


def text():
    return chunk(b"zTXt", b"Author\0\0" + zeros(1_000_000))


def profile():
    return chunk(b"iCCP", b"sRGB\0\0" + zeros(150_000_000))


def gif(width, height, frames, frame=None):
    """A GIF whose frames are one pixel's worth of data each."""
    across, down = frame or (1, 1)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    picture = b"," + struct.pack("<HHHHB", 0, 0, across, down, 0) + b"\x02\x02\x44\x01\x00"
    return head + picture * frames + b";"


def webp(frames=0):
    """A WebP whose canvas has 16,384 pixels to each side; with frames, of an animation."""
    one = Image.new("RGBA", (16, 16), (1, 2, 3, 4))
    more = [Image.new("RGBA", (16, 16), (n % 256, 2, 3, 4)) for n in range(frames)]
    out = io.BytesIO()
    one.save(out, "WEBP", save_all=bool(frames), append_images=more, exif=b"Exif\0\0")
    data = bytearray(out.getvalue())
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (16_383).to_bytes(3, "little") * 2
    return bytes(data)


def saved(kind, side=64, **options):
    out = io.BytesIO()
    Image.new("RGB", (side, side), "#123456").save(out, kind, **options)
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
