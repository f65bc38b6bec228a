#!/usr/bin/env python3
"""What Pillow makes of each of its own test images, as the first two columns of pillow_corpus.expected.txt.

    pip install pillow==13.0.0
    python lambda/tests/pillow-says.py target/corpora/pillow-13.0.0/Tests/images
    python lambda/tests/pillow-says.py --check lambda/tests/pillow_corpus.expected.txt target/corpora/...
    python lambda/tests/pillow-says.py --why target/corpora/...    # a third column: mode, or Pillow's own words

The verdict is `ok WxH r,g,b[,a]` for the first picture, upright, in sRGB, in 720x720: its size and its mean
colour over white, with the mean alpha if it has any. Else it is the name that the engine has for such a failure.
"""

import argparse
import io
import multiprocessing
import pathlib
import sys
import warnings

import PIL
from PIL import Image, ImageCms, ImageOps, ImageStat, UnidentifiedImageError

VERSION = "13.0.0"
BOX = (720, 720)
# In the words of Pillow: what it knows of a file and has no means for.
MEANS = ("unsupported", "not supported", "unknown", "unhandled", "cannot find loader", "ghostscript")


def light(image):
    """The pixels as L, LA, RGB or RGBA of 8 bits, in the colours of their profile."""
    if image.mode.startswith("I;16") or image.mode == "I":
        # As a share of white: 65,535 is 255. `convert` would cut off at 255.
        transparent = image.info.get("transparency")
        wide = image.convert("I")
        gray = wide.point(lambda value: value * (1 / 257) + 0.5).convert("L")
        if not isinstance(transparent, int):
            return gray
        alpha = bytes(0 if value == transparent else 255 for value in wide.getdata())
        gray.putalpha(Image.frombytes("L", image.size, alpha))
        return gray
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        if "transparency" not in image.info:
            return image
        return image.convert("LA" if image.mode == "L" else "RGBA")
    if image.mode in ("1", "F"):
        return image.convert("LA" if "transparency" in image.info else "L")
    if image.mode == "La":
        return image.convert("LA")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB")


def in_srgb(image):
    """The picture in sRGB, by the perceptual intent, which the engine's colour management takes as well."""
    icc = image.info.get("icc_profile")
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            space = profile.profile.xcolor_space.strip()
            inks = image if image.mode == "CMYK" else light(image)
            alpha = inks.getchannel("A") if inks.mode in ("LA", "RGBA") else None
            if space == "GRAY" and inks.mode in ("L", "LA"):
                color = inks.convert("L")
            elif space == "RGB" and inks.mode != "CMYK":
                color = inks.convert("RGB")
            elif space == "CMYK" and inks.mode == "CMYK":
                color = inks
            else:
                raise ImageCms.PyCMSError("a profile for another model")
            converted = ImageCms.profileToProfile(
                color, profile, ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL, "RGB"
            )
            if alpha:
                converted.putalpha(alpha)
            return converted
        except (OSError, ImageCms.PyCMSError):
            pass
    return light(image)


def mean(image):
    if image.mode in ("L", "RGB"):
        return [round(value) for value in ImageStat.Stat(image.convert("RGB")).mean]
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    color = ImageStat.Stat(Image.alpha_composite(white, image)).mean[:3]
    return [round(value) for value in (*color, ImageStat.Stat(image).mean[3])]


def verdict(path):
    """The verdict, and what led to it."""
    try:
        with Image.open(path) as image:
            image.load()
            kind = f"{image.format} {image.mode}"
            picture = in_srgb(ImageOps.exif_transpose(image))
            picture.thumbnail(BOX, Image.Resampling.LANCZOS)
            width, height = picture.size
            return f"ok {width}x{height} {','.join(map(str, mean(picture)))}", kind
    except UnidentifiedImageError:
        return "UnsupportedFormat", "not identified"
    except Image.DecompressionBombError as error:
        return "ImageTooLarge", str(error)
    except Exception as error:  # Pillow raises what its decoders do: struct.error, IndexError, and more.
        words = f"{type(error).__name__}: {error}"
        missing = isinstance(error, NotImplementedError) or any(word in words.lower() for word in MEANS)
        return ("UnsupportedFormat" if missing else "CorruptImage"), words


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=pathlib.Path, help="the folder Tests/images of Pillow's sdist")
    parser.add_argument("--check", type=pathlib.Path, help="a list of expectations to compare with")
    parser.add_argument("--why", action="store_true", help="say what led to each verdict")
    options = parser.parse_args()
    if PIL.__version__ != VERSION:
        parser.error(f"this is Pillow {PIL.__version__}, and the list is what {VERSION} says")
    warnings.simplefilter("ignore")
    Image.init()
    says = {}
    paths = sorted(path for path in options.images.rglob("*") if path.is_file())
    # A process for each: what one file leaves behind in Pillow changes what becomes of others.
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        for path, (says_of_it, why) in zip(paths, pool.imap(verdict, paths, chunksize=1)):
            name = path.relative_to(options.images).as_posix()
            says[name] = says_of_it
            if not options.check:
                print(name, says_of_it, *([" ".join(why.split())] if options.why else []), sep="\t")
    if options.check:
        lines = options.check.read_text().splitlines()
        listed = dict(line.split("\t")[:2] for line in lines if not line.startswith("#"))
        differing = [name for name in says.keys() | listed.keys() if says.get(name) != listed.get(name)]
        for name in sorted(differing):
            print(f"{name}: Pillow says {says.get(name)}, the list {listed.get(name)}")
        sys.exit(bool(differing))


if __name__ == "__main__":
    main()
