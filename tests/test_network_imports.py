"""Which parts of the program can reach a network at all, read from the source: fetching alone; nothing leads to it."""

import pytest

from tests import imports

NETWORK = frozenset((
    "_socket", "socket", "ssl", "_ssl", "http", "urllib.request", "urllib.error", "urllib.robotparser",
    "ftplib", "smtplib", "smtpd", "poplib", "imaplib", "nntplib", "telnetlib", "xmlrpc", "socketserver",
    "webbrowser", "wsgiref", "asyncio.streams", "asyncio.open_connection", "asyncio.start_server",
    "asyncio.create_datagram_endpoint", "asyncore", "multiprocessing", "concurrent.futures.ProcessPoolExecutor",
    "logging.handlers", "logging.config", "requests", "httpx", "aiohttp", "urllib3", "huggingface_hub",
    "websockets", "grpc", "paramiko", "pycurl", "tornado", "anyio", "trio", "zmq", "pip",
))  # fmt: skip
"""Modules that open sockets, of the standard library and the usual ones of others."""

MAY = {
    "reviewer.fetch": {"http", "ssl", "urllib.error", "urllib.request"},  # `models fetch`
    "reviewer.service.door": {"socket"},  # the service's Unix socket, closed before a command reads a draft
    "reviewer.seal.sockets": {"socket"},  # finds sockets that were handed in
    "reviewer.seal.probes": {"socket"},  # tries the ways out, behind the seal
}

PROGRAMS = frozenset(("subprocess", "pty", "os.system", "os.popen", "os.execv", "os.execve", "os.posix_spawn"))
MAY_START = {
    "reviewer.fetch",  # pip, to download
    "reviewer.engine",  # the engine, sealed
    "reviewer.readers.spawn",  # a reader, sealed
    "reviewer.clipboard",  # the watcher, sealed to the display
    "reviewer.cli.service",  # the keeper of the engine
    "reviewer.cli.bench",  # its own commands, before it is sealed
    "reviewer.seal.probes",  # two attempts, behind the seal
    "reviewer.bootstrap",  # setting up: runs before the program is there
}

BY_NAME = {
    "reviewer.cli": set(),  # the one command that was asked for, and those are the roots below
    "reviewer.reports": {m for m in imports.modules() if m.startswith("reviewer.reports.")},
    "reviewer.readers.gather": {m for m in imports.modules() if m.startswith("reviewer.readers.")},
    "reviewer.seal.child": {"reviewer.worker", "reviewer.readers.child"},
}
"""Who imports by name, and what."""

SEES_SECRETS = {
    "front end": {"reviewer.__main__", "reviewer.cli.check", "reviewer.cli.tui", "reviewer.tui.app"},
    "engine": {"reviewer.seal.child", "reviewer.worker"},
    "readers": {"reviewer.seal.child", "reviewer.readers.child"},
    "other commands": {m for m in imports.modules() if m.startswith("reviewer.cli.") and m != "reviewer.cli.models"},
}


def uses(source: str, watched: frozenset[str]) -> set[str]:
    """Which of the watched modules a file imports, or modules inside them."""
    return {w for name in imports.of(source) for w in watched if name == w or name.startswith(f"{w}.")}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import http.client as x", {"http"}),
        ("def late():\n    from urllib import request", {"urllib.request"}),
        ("from urllib import parse", set()),
        ("if 0:\n    import socket, ssl", {"socket", "ssl"}),
        ("from asyncio import open_connection", {"asyncio.open_connection"}),
    ],
)
def test_hidden_imports_are_seen(source: str, found: set[str]) -> None:
    assert uses(source, NETWORK) == found


@pytest.mark.parametrize("source", ["__import__('socket')", "importlib.import_module('ssl')", "exec('import ssl')"])
def test_imports_by_name_are_seen(source: str) -> None:
    assert imports.by_name(source)


def test_only_fetching_the_service_and_the_seal_import_what_opens_sockets() -> None:
    assert {m: found for m, source in imports.modules().items() if (found := uses(source, NETWORK))} == MAY


def test_only_these_start_programs() -> None:
    assert {m for m, source in imports.modules().items() if uses(source, PROGRAMS)} == MAY_START


def test_these_import_by_name() -> None:
    assert {m for m, source in imports.modules().items() if imports.by_name(source)} == BY_NAME.keys()


@pytest.mark.parametrize("process", SEES_SECRETS)
def test_no_process_that_sees_secrets_can_load_fetching(process: str) -> None:
    found = imports.reached(SEES_SECRETS[process], BY_NAME)
    assert found >= SEES_SECRETS[process]
    assert len(found) > 20
    assert "reviewer.fetch" not in found


def test_the_command_that_fetches_does_lead_there() -> None:
    assert "reviewer.fetch" in imports.reached({"reviewer.cli.models"}, BY_NAME)


def test_fetching_opens_no_draft_and_no_index() -> None:
    found = imports.reached({"reviewer.fetch"}, {})
    assert not {
        m for m in found if m.startswith(("reviewer.readers", "reviewer.index", "reviewer.match", "reviewer.tui"))
    }
