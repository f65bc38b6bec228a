#!/bin/sh
# Unpacks the test images of Pillow 13.0.0 (MIT-CMU) into a folder, as tests/pillow_corpus.rs wants them.
# Quiet, and does nothing if they are there.
#
#   PYTHON=.venv/bin/python lambda/tests/fetch-pillow-corpus.sh target/corpora
set -eu

version=13.0.0
sum=cdcd1ba258178f7356d74170c9a81ba4eab6a5d55748bc402a5a2a6fe6be3510
folder=${1:?usage: fetch-pillow-corpus.sh FOLDER}
corpus=$folder/pillow-$version

if [ -d "$corpus/Tests/images" ]; then
    exit 0
fi
mkdir -p "$folder"
scratch=$(mktemp -d "$folder/.fetch-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

"${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pillow \
    --dest "$scratch" "pillow==$version"
echo "$sum  $scratch/pillow-$version.tar.gz" | sha256sum --check --quiet -
tar -xzf "$scratch/pillow-$version.tar.gz" -C "$scratch"
# Renamed last, so that a folder with this name is whole.
mv "$scratch/pillow-$version" "$corpus"
