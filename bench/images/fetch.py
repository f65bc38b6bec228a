"""Fetches the photographs that sources.json names: two Debian packages, known by their hashes.

    python fetch.py FOLDER

Apt fetches them where there is one that knows these versions, and else Debian's archive. Of each photograph the
compressed picture stays as it is; its metadata and colour profile go, because what the programs make of those
(one converts, one keeps, one drops) is not what is compared.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

# The second is where Debian keeps what its releases no longer hold.
ARCHIVES = ["http://deb.debian.org/debian/pool/main", "http://archive.debian.org/debian/pool/main"]


def fetch(source):
    """The package's bytes, from wherever they have the right hash."""
    failures = []
    for attempt in [by_apt, *(from_archive(archive) for archive in ARCHIVES)]:
        try:
            package = attempt(source)
        except (OSError, subprocess.CalledProcessError) as error:
            failures.append(str(error))
            continue
        found = hashlib.sha256(package).hexdigest()
        if found == source["sha256"]:
            return package
        failures.append(f"{attempt.__name__}: the SHA-256 is {found}")
    sys.exit(
        f"{source['package']} {source['version']} with the SHA-256 {source['sha256']} was not found:\n  "
        + "\n  ".join(failures)
        + f"\nPut {Path(source['pool']).name} into the folder {PACKAGES} yourself, and try again."
    )


def by_apt(source):
    """`apt-get download` needs no root; it may be missing, or know another version."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["apt-get", "download", "--quiet", f"{source['package']}={source['version']}"],
            cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        return next(Path(folder).glob("*.deb")).read_bytes()


def from_archive(archive):
    def attempt(source):
        with urllib.request.urlopen(f"{archive}/{source['pool']}", timeout=60) as answer:
            return answer.read()

    attempt.__name__ = archive
    return attempt


def members(package):
    """The files of an `ar` archive, which a Debian package is."""
    if not package.startswith(b"!<arch>\n"):
        sys.exit("this is not a Debian package")
    at = 8
    while at < len(package):
        name, size = package[at : at + 16].decode().strip(" /"), int(package[at + 48 : at + 58])
        yield name, package[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def bare(photo):
    """A JPEG without APP1 to APP15 and comments, but for Adobe's APP14, which tells the colour model."""
    kept, at = [photo[:2]], 2
    while photo[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(photo[at + 2 : at + 4], "big")
        marker = photo[at + 1]
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(photo[at:end])
        at = end
    return b"".join([*kept, photo[at:]])


PACKAGES = Path(sys.argv[1]) / "packages"
PHOTOS = Path(sys.argv[1]) / "photos"
PACKAGES.mkdir(parents=True, exist_ok=True)
PHOTOS.mkdir(exist_ok=True)
for source in json.loads(Path(__file__).with_name("sources.json").read_text()):
    cached = PACKAGES / Path(source["pool"]).name
    if not cached.exists() or hashlib.sha256(cached.read_bytes()).hexdigest() != source["sha256"]:
        cached.write_bytes(fetch(source))
    data = next(data for name, data in members(cached.read_bytes()) if name.startswith("data.tar"))
    with tarfile.open(fileobj=io.BytesIO(data)) as files:
        for name, path in source["photos"].items():
            photo = files.extractfile(f"./{source['folder']}/{path}").read()
            (PHOTOS / f"{name}.jpg").write_bytes(bare(photo))
