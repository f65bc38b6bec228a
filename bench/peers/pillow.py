"""Pillow as people write it, in a process of its own. Prints one line of JSON; the benchmark reads it.

    python pillow.py idle
    python pillow.py once FILE [OUT]
    python pillow.py repeat FILE SECONDS LEAST
"""

import json
import re
import resource
import sys
import time
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, features
from PIL import __version__ as version

# It warns of bombs from 89 megapixels, and works all the same.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)
Image.preinit()


def thumbnail(source):
    """Drafts a JPEG by itself (`reducing_gap`), and is turned last, when there are few pixels to turn."""
    with Image.open(BytesIO(source)) as image:
        file_format = image.format
        image.thumbnail((720, 720), Image.Resampling.LANCZOS)
        ImageOps.exif_transpose(image, in_place=True)
        result = BytesIO()
        image.save(result, file_format, **({} if file_format == "PNG" else {"quality": 80}))
    return result.getvalue(), image.size


def cpu():
    """CPU of this process, every thread of it, in milliseconds."""
    return time.process_time_ns() / 1e6


def peak():
    """The most memory this process had, in KiB. `ru_maxrss` would count what the parent had when it forked."""
    try:
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most


def main(mode, file=None, *rest):
    report = {"version": version, "library": f"libjpeg-turbo {features.version('libjpeg_turbo')}"}
    if mode == "once":
        data, (width, height) = thumbnail(Path(file).read_bytes())
        report |= {"width": width, "height": height, "bytes": len(data)}
        if rest:
            Path(rest[0]).write_bytes(data)
    elif mode == "repeat":
        seconds, least = float(rest[0]), int(rest[1])
        source = Path(file).read_bytes()
        thumbnail(source)
        runs, spent = [], 0.0
        while spent < seconds * 1000 or len(runs) < least:
            before = cpu()
            thumbnail(source)
            runs.append(cpu() - before)
            spent += runs[-1]
        report["cpu_ms"] = runs
    elif mode != "idle":
        sys.exit(f"the mode is idle, once or repeat, not {mode}")
    print(json.dumps(report | {"peak_kib": peak()}))


main(*sys.argv[1:])
