"""Makes the benchmark's images from the photographs, the same bytes each time, and lists them with their hashes.

    python make.py FOLDER

Each is a mosaic of photographs at their own resolution: nothing is enlarged, so a pixel holds as much as in the
photograph. The noise of a camera's sensor is added, which photographs that were published small have lost.
"""

import hashlib
import json
import random
import sys
from pathlib import Path

from PIL import Image, ImageChops
from PIL import __version__ as pillow

# Width, height, and into how many columns and rows of photographs each is cut.
SIZES = {
    "8mp": (3264, 2448, 2, 2),
    "12mp": (4032, 3024, 2, 2),
    "24mp": (6000, 4000, 3, 3),
    "50mp": (8192, 6144, 4, 4),
    "108mp": (12000, 9000, 5, 6),
    "108mp-tall": (2400, 45000, 1, 30),
}
# Those with most to see first: the smaller mosaics are made of these.
PHOTOS = [
    "path", "evening-glow", "one-stands-out", "lady-bird", "fallen-leaf", "by-the-water", "two-wings",
    "colorful-cups", "cold-ripple", "yellow-flower", "kite", "garden",
]
# Standard deviation of the noise, in 255ths, and quality: as a phone's 12 megapixels have 3 to 4 MB.
NOISE = 2.5
QUALITY = 90


def mosaic(width, height, columns, rows):
    """Cells of equal size, each a part of another photograph; turned about where the photographs repeat."""
    picture = Image.new("RGB", (width, height))
    cell = (-(-width // columns), -(-height // rows))
    for index in range(columns * rows):
        with Image.open(FOLDER / "photos" / f"{PHOTOS[index % len(PHOTOS)]}.jpg") as photo:
            left, top = (photo.width - cell[0]) // 2, (photo.height - cell[1]) // 2
            part = photo.convert("RGB").crop((left, top, left + cell[0], top + cell[1]))
        if index // len(PHOTOS) % 2:
            part = part.transpose(Image.Transpose.ROTATE_180)
        picture.paste(part, (index % columns * cell[0], index // columns * cell[1]))
    return picture


def noisy(picture):
    """The picture with the same noise in all three channels: what a camera leaves is mostly in the lightness."""
    side = 1024
    source = random.Random(20)
    uniform = [Image.frombytes("L", (side, side), source.randbytes(side * side)) for _ in range(4)]
    # The mean of four uniform ones is near enough to a bell, and deviates by 36.8.
    bell = Image.blend(Image.blend(uniform[0], uniform[1], 0.5), Image.blend(uniform[2], uniform[3], 0.5), 0.5)
    bell = bell.point([128 + round((value - 127.5) * NOISE / 36.8) for value in range(256)])
    tile = Image.merge("RGB", [bell] * 3)
    for top in range(0, picture.height, side):
        for left in range(0, picture.width, side):
            box = (left, top, min(left + side, picture.width), min(top + side, picture.height))
            part = picture.crop(box)
            picture.paste(ImageChops.add(part, tile.crop((0, 0, *part.size)), 1, -128), box)
    return picture


def transparent(picture):
    """The picture with soft holes in it."""
    alpha = Image.radial_gradient("L").point(lambda value: max(0, min(255, (value - 90) * 4)))
    return Image.merge("RGBA", [*picture.split(), alpha.resize(picture.size, Image.Resampling.BICUBIC)])


def drawn(picture):
    """The picture in few colours, as drawings have: a photograph of 108 megapixels is no PNG of 64 MiB."""
    return picture.point(lambda value: value // 52 * 51)


def save(name, picture, **options):
    path = FOLDER / "images" / name
    picture.save(path, **options)
    listed.append({
        "name": name, "width": picture.width, "height": picture.height, "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    })


FOLDER = Path(sys.argv[1])
(FOLDER / "images").mkdir(exist_ok=True)
(FOLDER / "images.json").unlink(missing_ok=True)
listed = []
for size, shape in SIZES.items():
    clean = mosaic(*shape)
    if size != "8mp":
        save(f"{size}-drawn.png", drawn(clean), compress_level=6)
    photo = noisy(clean)
    save(f"{size}-420.jpg", photo, quality=QUALITY, subsampling="4:2:0")
    if size in ("8mp", "12mp", "24mp"):
        save(f"{size}-444.jpg", photo, quality=QUALITY, subsampling="4:4:4")
        save(f"{size}-progressive.jpg", photo, quality=QUALITY, subsampling="4:2:0", progressive=True)
    if size == "12mp":
        save(f"{size}-rgb.png", photo, compress_level=6)
        save(f"{size}-rgba.png", transparent(photo), compress_level=6)
        save(f"{size}-lossy.webp", photo, quality=QUALITY, method=4)
photos = [
    {"name": path.stem, "width": size[0], "height": size[1], "bytes": path.stat().st_size,
     "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    for path in sorted((FOLDER / "photos").glob("*.jpg"))
    for size in [Image.open(path).size]
]
# Written last, so that where it is everything is.
(FOLDER / "images.json").write_text(
    json.dumps({"made_by": f"Pillow {pillow}", "images": listed, "photos": photos}, indent=1) + "\n"
)
