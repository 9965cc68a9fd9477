"""Fetches packages of Debian and unpacks them: PINS FOLDER."""
import hashlib, io, pathlib, sys, tarfile, urllib.request

MIRROR = "https://deb.debian.org/debian/"


def members(archive):
    """Name and contents of each member of an `ar` archive."""
    at = 8
    while at + 60 <= len(archive):
        name, size = archive[at : at + 16].decode().strip().rstrip("/"), int(archive[at + 48 : at + 58])
        yield name, archive[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def fetch(path, digest):
    with urllib.request.urlopen(MIRROR + path, timeout=60) as answer:
        package = answer.read()
    found = hashlib.sha256(package).hexdigest()
    if found != digest:
        raise SystemExit(f"Error: {path} has the digest {found}, not {digest}")
    return package


pins, folder = map(pathlib.Path, sys.argv[1:])
for line in pins.read_text().splitlines():
    if line.startswith("#"):
        continue
    try:
        package = fetch(*line.split())
    except OSError as error:
        raise SystemExit(f"Error: {MIRROR}{line.split()[0]}: {error}")
    for name, data in members(package):
        if name.startswith("data.tar"):
            tarfile.open(fileobj=io.BytesIO(data)).extractall(folder, filter="data")
