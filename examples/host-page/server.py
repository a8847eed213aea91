"""A site that embeds a calculator, and takes its visitors' requests for a call: an example to copy from.

It needs Python 3.11 and nothing else. It serves index.html, which embeds two calculators, and takes the form of that
page at /lead. A lead is checked, its phone number written as +15551234567 (E.164), and handed on once to the webhook
of an automation service. The webhook's address and key are in the environment of this server; no page holds them.

    RECKONER_SITE=https://calculators.example python examples/host-page/server.py

Settings, all from the environment:

    RECKONER_SITE      the site that publishes the calculators (http://127.0.0.1:8000)
    LEAD_WEBHOOK_URL   where leads go (without it they are counted and dropped)
    LEAD_WEBHOOK_KEY   sent there as "Authorization: Bearer ..."
    LEAD_ORIGINS       the origins whose forms are taken, with spaces between (that of this server)
    LEAD_COUNTRY_CODE  of phone numbers that are written without one (1)
    LEAD_STORE         file that remembers which leads were handed on (memory, which a restart empties)
    PORT               (8100)

What it does not do: it does not know whether a number is in service or a mobile one, drops no trunk prefix but a
leading 0, and takes no extensions. With visitors from many countries, use the library phonenumbers. Put it behind a
proxy that speaks TLS and limits how often one address may ask.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PAGE = Path(__file__).parent / "index.html"
MOST_BODY_BYTES = 10_000
SAME_LEAD_S = 24 * 3600
"""Another request of the same person within this time is the same lead."""
WEBHOOK_TIMEOUT_S = 10
CAMPAIGN = re.compile(r"utm_[a-z_]{1,20}|gclid|fbclid|msclkid|ref")
MOST_TEXT = {"name": 100, "email": 200, "phone": 40, "calculator": 60, "headline": 300}


class BadLead(ValueError):
    """The form cannot be taken; the text is for the visitor."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


# ---- a lead


def phone_number(typed: str, country_code: str) -> str:
    """A phone number as E.164.

    Raises:
        BadLead: it is not one.
    """
    bad = BadLead("phone", "Give a phone number with its area code, such as (555) 201-0123 or +44 20 7946 0123.")
    if not re.fullmatch(r"\+?[0-9\s().\-/]+", typed):
        raise bad
    digits = re.sub(r"\D", "", typed)
    if typed.startswith("+"):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    elif country_code == "1" and len(digits) == 11 and digits.startswith("1"):
        number = digits
    else:
        number = country_code + digits.removeprefix("0")
    if number.startswith("0") or not 8 <= len(number) <= 15:
        raise bad
    # North America: three groups, of which the first two begin with 2 to 9.
    if number.startswith("1") and not re.fullmatch(r"1[2-9]\d\d[2-9]\d{6}", number):
        raise bad
    return f"+{number}"


def lead(form: Mapping[str, Any], country_code: str) -> dict[str, Any]:
    """What is handed on: only fields that are known, all of them checked.

    Raises:
        BadLead: what is missing or wrong.
    """
    texts = {}
    for field, most in MOST_TEXT.items():
        given = form.get(field, "")
        if not isinstance(given, str) or len(given) > most:
            raise BadLead(field, f"This must be a text of at most {most} letters.")
        texts[field] = " ".join(given.split())
    if not texts["name"]:
        raise BadLead("name", "Say whom we may ask for.")
    if form.get("consent") is not True:
        raise BadLead("consent", "Without your consent we may not call you.")
    if texts["email"] and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", texts["email"]):
        raise BadLead("email", "This is not an e-mail address.")
    made: dict[str, Any] = {
        "name": texts["name"],
        "phone": phone_number(texts["phone"], country_code),
        "email": texts["email"].lower(),
        "calculator": texts["calculator"],
        "headline": texts["headline"],
        "campaign": {},
    }
    campaign = form.get("campaign")
    if isinstance(campaign, dict):
        for name, value in campaign.items():
            if CAMPAIGN.fullmatch(name) and isinstance(value, str):
                made["campaign"][name] = value[:200]
    return made


def lead_key(made: Mapping[str, Any]) -> str:
    """Names the person who asks about a calculator, without saying who it is."""
    return hashlib.sha256(f"{made['phone']}\0{made['calculator']}".encode()).hexdigest()


class Seen:
    """Which leads were handed on lately; it keeps no names and no numbers.

    Arguments:
        path: of a file, or ":memory:".
    """

    def __init__(self, path: str = ":memory:", now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False)
        with self._lock, self._database:
            self._database.execute("CREATE TABLE IF NOT EXISTS leads (key TEXT PRIMARY KEY, at REAL)")

    def claim(self, key: str) -> bool:
        """Whether this lead is new; from now on it is not."""
        with self._lock, self._database:
            self._database.execute("DELETE FROM leads WHERE at < ?", (self._now() - SAME_LEAD_S,))
            added = self._database.execute("INSERT OR IGNORE INTO leads VALUES (?, ?)", (key, self._now()))
            return added.rowcount == 1

    def release(self, key: str) -> None:
        """It could not be handed on: the next attempt is new again."""
        with self._lock, self._database:
            self._database.execute("DELETE FROM leads WHERE key = ?", (key,))

    def close(self) -> None:
        self._database.close()


def hand_on(made: Mapping[str, Any], key: str, url: str, secret: str) -> None:
    """Sends a lead to the webhook; services that know the header drop what they have already.

    Raises:
        OSError: the webhook did not take it.
    """
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    request = urllib.request.Request(url, json.dumps(made).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=WEBHOOK_TIMEOUT_S):
        pass


# ---- the server


@dataclass
class Settings:
    """What the environment says."""

    site: str = "http://127.0.0.1:8000"
    webhook_url: str = ""
    webhook_key: str = ""
    origins: frozenset[str] = frozenset()
    country_code: str = "1"
    store: str = ":memory:"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        return cls(
            site=environment.get("RECKONER_SITE", cls.site).rstrip("/"),
            webhook_url=environment.get("LEAD_WEBHOOK_URL", ""),
            webhook_key=environment.get("LEAD_WEBHOOK_KEY", ""),
            origins=frozenset(environment.get("LEAD_ORIGINS", "").split()),
            country_code=environment.get("LEAD_COUNTRY_CODE", cls.country_code),
            store=environment.get("LEAD_STORE", cls.store),
        )


class HostServer(ThreadingHTTPServer):
    """Serves the page and takes leads."""

    daemon_threads = True

    def __init__(self, settings: Settings, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.settings = settings
        self.seen = Seen(settings.store)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.origins = settings.origins or frozenset({self.url})

    def server_close(self) -> None:
        super().server_close()
        self.seen.close()


class _Handler(BaseHTTPRequestHandler):
    server: HostServer

    def do_GET(self) -> None:
        if urlsplit(self.path).path not in ("/", "/index.html"):
            self._answer(404, "text/plain", b"Not found")
            return
        site = html.escape(self.server.settings.site, quote=True)
        text = PAGE.read_text(encoding="utf-8").replace("https://calculators.example", site)
        self._answer(200, "text/html; charset=utf-8", text.encode())

    def do_POST(self) -> None:
        status, said = self._take()
        self._answer(status, "application/json", json.dumps(said).encode())

    def _take(self) -> tuple[int, dict[str, str]]:
        # Another site's page cannot set this header, so that it cannot send leads in its visitors' names.
        if self.path != "/lead" or self.headers.get("Origin") not in self.server.origins:
            return 403, {"error": "This form is not ours."}
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BODY_BYTES:
            return 413, {"error": "That is too long."}
        try:
            form = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return 400, {"error": "This is not JSON."}
        if not isinstance(form, dict):
            return 400, {"error": "This is not a form."}
        if form.get("website"):  # people do not see this field; programs fill it in, and learn nothing from the answer
            return 200, {"status": "taken"}
        settings = self.server.settings
        try:
            made = lead(form, settings.country_code)
        except BadLead as problem:
            return 422, {"error": str(problem), "field": problem.field}
        key = lead_key(made)
        if not self.server.seen.claim(key):
            return 200, {"status": "known"}
        if settings.webhook_url:
            try:
                hand_on(made, key, settings.webhook_url, settings.webhook_key)
            except OSError as problem:
                self.server.seen.release(key)
                self.log_error("the webhook did not take a lead: %s", type(problem).__name__)
                return 502, {"error": "We could not take this just now. Please try again in a minute."}
        return 200, {"status": "taken"}

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    server = HostServer(Settings.read(os.environ), int(os.environ.get("PORT", "8100")))
    print(f"{server.url} embeds calculators of {server.settings.site}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
