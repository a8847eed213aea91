"""A web server for a built site, like a good static host: right types, compression, long caching of hashed files.

Tests can make it fail on purpose (`rules`), the benchmark can make it slow (`link`), and both read what it
sent (`sent`).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli

_COMPRESSED = Path(__file__).resolve().parent.parent / ".cache" / "compressed"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
# What hosts compress on the way. Archives are not among it: a host takes them for compressed already.
_COMPRESSIBLE = re.compile(r"text/|application/(json|wasm|xml)|image/svg")
_HASHED = re.compile(r"assets/.*(?<![0-9a-z])[0-9a-f]{8,64}(?![0-9a-z])")
_CHUNK_BYTES = 8192
_WORTH_A_FILE_BYTES = 100_000


@dataclass
class Rule:
    """What goes wrong on purpose at the addresses that `pattern` is found in (below the site's root)."""

    pattern: str
    status: int = 200
    """Another status: the file is not sent."""
    cut: bool = False
    """Sends half of the body and hangs up."""
    hold: threading.Event | None = None
    """Waits for this, or for the server's end, before it answers."""
    prepend: str = ""
    """Text to put before the file's own."""
    replace: tuple[str, str] = ("", "")
    """A text in the file, and what is sent for it."""
    content_type: str = ""
    """Another type than the right one."""


@dataclass
class Link:
    """A slow line that all connections share: bits a second, and the time of a round trip for each request."""

    bits_per_s: float
    round_trip_s: float
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, byte_count: int) -> None:
        """Blocks until these bytes have gone over the line."""
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + byte_count * 8 / self.bits_per_s
            free_at = self._free_at
        time.sleep(max(0.0, free_at - time.monotonic()))


@dataclass(frozen=True)
class Sent:
    """An answer of the server."""

    path: str
    """Below the site's root, without the query."""
    status: int
    body_bytes: int
    """As sent: compressed, without headers."""
    kind: str
    at_s: float
    """When, by the clock of the wall, which a browser on this machine has, too."""


def kind_of(path: str) -> str:
    """What a file is for the reader's bill: html, css, js, wasm, zip (Python), facts or other."""
    if "/facts/" in path:
        return "facts"
    suffix = Path(path).suffix
    return {".html": "html", ".css": "css", ".js": "js", ".mjs": "js", ".wasm": "wasm", ".zip": "zip"}.get(
        suffix, "html" if path.endswith("/") or not path else "other"
    )


class SiteServer:
    """Serves `folder` at `url` until `close`. Settings may change at any time, from any thread.

    Arguments:
        folder: the built site; it may be set later, since the site is built for the server's address.
        base: path of the site's root, such as "/" or "/reckoner/".
    """

    def __init__(self, folder: Path | None = None, base: str = "/") -> None:
        assert base.startswith("/") and base.endswith("/"), base
        self.folder = folder
        self.base = base
        self.headers: dict[str, str] = {}
        """Added to every answer, such as a content security policy."""
        self.rules: list[Rule] = []
        self.link: Link | None = None
        self.sent: list[Sent] = []
        self.closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), self)
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self.url = self.origin + base
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def reset(self) -> None:
        """Back to a host that works; nothing sent yet."""
        for rule in self.rules:
            if rule.hold:
                rule.hold.set()
        self.rules = []
        self.headers = {}
        self.link = None
        self.sent = []

    def close(self) -> None:
        """Stops serving."""
        self.closing.set()
        self.reset()
        self._http.shutdown()
        self._http.server_close()

    def encode(self, file: Path) -> None:
        """Compresses a file ahead of its first request."""
        if _COMPRESSIBLE.match(TYPES.get(file.suffix, "")):
            _encoded(file, file.stat().st_mtime_ns, "br")

    def sent_paths(self, pattern: str = "") -> list[str]:
        """Addresses below the root, sent so far, in which `pattern` is found."""
        return [sent.path for sent in list(self.sent) if re.search(pattern, sent.path)]

    def rule(self, path: str) -> Rule | None:
        """What is to go wrong at this address, if anything."""
        return next((rule for rule in self.rules if re.search(rule.pattern, path)), None)


def bytes_by_kind(sent: Iterable[Sent]) -> Counter[str]:
    """Bytes of bodies as sent, by kind."""
    counted: Counter[str] = Counter()
    for one in sent:
        counted[one.kind] += one.body_bytes
    return counted


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], site: SiteServer) -> None:
        super().__init__(address, _Handler)
        self.site = site

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser hangs up when it likes: no traceback among the tests' output."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        """Nothing is printed; `sent` remembers."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, with_body: bool) -> None:
        site = self.server.site
        link = site.link
        if link:
            time.sleep(link.round_trip_s)
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(site.base):
            return self._send(404, path, b"", {}, with_body)
        below = path.removeprefix(site.base)
        rule = site.rule(below)
        if rule and rule.hold:
            while not (rule.hold.wait(0.05) or site.closing.is_set()):
                pass
        if rule and rule.status != 200:
            return self._send(rule.status, below, b"", {}, with_body)
        file = self._file(below)
        if file is None:
            missing = self._file("404.html")
            body = missing.read_bytes() if missing else b""
            return self._send(404, below, body, {"Content-Type": TYPES[".html"]}, with_body)
        if file.is_dir():
            return self._send(301, below, b"", {"Location": f"{path}/"}, with_body)
        return self._send_file(file, below, rule, with_body)

    def _file(self, below: str) -> Path | None:
        folder = self.server.site.folder
        assert folder is not None, "the server has no site yet"
        file = (folder / below).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.exists():
            return None
        if file.is_dir() and (not below or below.endswith("/")):
            file = file / "index.html"
        return file if file.exists() else None

    def _send_file(self, file: Path, below: str, rule: Rule | None, with_body: bool) -> None:
        content_type = TYPES.get(file.suffix, "application/octet-stream")
        headers = {"Content-Type": (rule and rule.content_type) or content_type, "Vary": "Accept-Encoding"}
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if _HASHED.match(below) else "no-cache"
        accepted = re.findall(r"\w+", self.headers.get("Accept-Encoding", ""))
        encoding = next((name for name in ("br", "gzip") if name in accepted), "")
        if not _COMPRESSIBLE.match(content_type):
            encoding = ""
        if rule and (rule.prepend or rule.content_type or rule.replace[0]):
            body = rule.prepend.encode() + file.read_bytes().replace(rule.replace[0].encode(), rule.replace[1].encode())
            encoding = ""
            headers["Cache-Control"] = "no-store"  # a false answer that is kept could not be mended
        else:
            stat = file.stat()
            body = _encoded(file, stat.st_mtime_ns, encoding)
            headers["ETag"] = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}{encoding}"'
        if encoding:
            headers["Content-Encoding"] = encoding
        if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
            return self._send(304, below, b"", headers, with_body=False)
        return self._send(200, below, body, headers, with_body, cut=bool(rule and rule.cut))

    def _send(
        self, status: int, below: str, body: bytes, headers: dict[str, str], with_body: bool, cut: bool = False
    ) -> None:
        site = self.server.site
        self.send_response(status)
        for name, value in {**headers, **site.headers}.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sending = body if with_body else b""
        site.sent.append(Sent(below, status, len(sending), kind_of(below), time.time()))
        if cut:
            sending = sending[: len(sending) // 2]
            self.close_connection = True
        link = site.link
        if link is None:
            self.wfile.write(sending)
            return
        for start in range(0, len(sending), _CHUNK_BYTES):
            chunk = sending[start : start + _CHUNK_BYTES]
            link.wait(len(chunk))
            self.wfile.write(chunk)


@lru_cache(maxsize=4096)
def _encoded(file: Path, _mtime_ns: int, encoding: str) -> bytes:
    """A file's content in an encoding; large results are kept on disk, since they take seconds."""
    content = file.read_bytes()
    if not encoding:
        return content
    kept = _COMPRESSED / f"{hashlib.sha256(content).hexdigest()[:32]}.{encoding}"
    if kept.exists():
        return kept.read_bytes()
    body: bytes = brotli.compress(content, quality=9) if encoding == "br" else gzip.compress(content, 9, mtime=0)
    if len(content) >= _WORTH_A_FILE_BYTES:
        _COMPRESSED.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{threading.get_ident()}")
        partial.write_bytes(body)
        partial.replace(kept)
    return body
