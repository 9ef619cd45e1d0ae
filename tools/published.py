"""What releases say of themselves, without being installed: the metadata of the file that pip would take."""

import email
import urllib.parse
import urllib.request
import zipfile
from email.message import Message
from urllib.error import URLError

from reviewer.bootstrap import what_pip_takes


def metadata(requirement: str) -> Message:
    """The metadata of a wheel. Raises `subprocess.CalledProcessError` where pip finds none, `OSError`."""
    place = str(what_pip_takes(requirement)["download_info"]["url"])
    parts = urllib.parse.urlsplit(place)
    if parts.scheme == "file":
        return _inside(urllib.request.url2pathname(parts.path))
    try:
        with urllib.request.urlopen(f"{place}.metadata") as said:  # noqa: S310 (pip chose the place)
            return email.message_from_bytes(said.read())
    except URLError:
        return _inside(urllib.request.urlretrieve(place)[0])  # noqa: S310


def _inside(path: str) -> Message:
    with zipfile.ZipFile(path) as wheel:
        [name] = [n for n in wheel.namelist() if n.endswith(".dist-info/METADATA") and n.count("/") == 1]
        return email.message_from_bytes(wheel.read(name))
