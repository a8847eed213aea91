"""The example of a host page: its server takes leads, and hands each on once."""

from __future__ import annotations

import http.client
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FORM = {"name": "Ada", "phone": "(555) 201-0123", "consent": True, "calculator": "mortgage-vs-invest"}


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("host_page_server", ROOT / "examples/host-page/server.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


host = _load()


# ---- phone numbers


@pytest.mark.parametrize(
    ("typed", "country_code", "number"),
    [
        ("(555) 201-0123", "1", "+15552010123"),
        ("555.201.0123", "1", "+15552010123"),
        ("1 555 201 0123", "1", "+15552010123"),
        ("+1 555-201-0123", "49", "+15552010123"),
        ("+44 20 7946 0123", "1", "+442079460123"),
        ("0044 20 7946 0123", "1", "+442079460123"),
        ("020 7946 0123", "44", "+442079460123"),
        ("030/901820", "49", "+4930901820"),
        ("  555 201 0123 ", "1", "+15552010123"),
    ],
)
def test_phone_numbers_are_written_one_way(typed: str, country_code: str, number: str) -> None:
    assert host.lead({**FORM, "phone": typed}, country_code)["phone"] == number


@pytest.mark.parametrize(
    "typed",
    ["", "call me", "12345", "+", "+0123456789", "555 201 012", "155 201 0123", "555 101 0123", "+1234567890123456",
     "555 201 0123 x5", "٥٥٥ ٢٠١ ٠١٢٣", "<b>555 201 0123</b>", "555;201;0123"],
)  # fmt: skip
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(host.BadLead) as caught:
        host.lead({**FORM, "phone": typed}, "1")
    assert caught.value.field == "phone"


# ---- forms


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": ["Ada"]}, "name"),
        ({"name": "A" * 101}, "name"),
        ({"consent": "yes"}, "consent"),
        ({"consent": None}, "consent"),
        ({"email": "ada@example"}, "email"),
        ({"email": "ada example@example.com"}, "email"),
        ({"headline": "x" * 301}, "headline"),
    ],
)
def test_a_form_that_cannot_be_taken_says_where(given: dict[str, Any], field: str) -> None:
    with pytest.raises(host.BadLead) as caught:
        host.lead({**FORM, **given}, "1")
    assert caught.value.field == field


def test_only_known_fields_are_handed_on() -> None:
    campaign = {"utm_source": "news", "gclid": "x" * 500, "email": "a@b.c", "__proto__": "x", "ref": 5, "utm_<b>": "x"}
    made = host.lead({**FORM, "campaign": campaign, "admin": True, "balance_usd": 5}, "1")
    assert set(made) == {"name", "phone", "email", "calculator", "headline", "campaign"}
    assert made["campaign"] == {"utm_source": "news", "gclid": "x" * 200}


def test_the_same_person_is_new_again_after_a_day(tmp_path: Path) -> None:
    now = [1_000_000.0]
    path = str(tmp_path / "leads.db")
    seen = host.Seen(path, lambda: now[0])
    assert [seen.claim("a"), seen.claim("a"), seen.claim("b")] == [True, False, True]
    seen.close()
    seen = host.Seen(path, lambda: now[0])  # a restart forgets nothing
    assert seen.claim("a") is False
    now[0] += host.SAME_LEAD_S + 1
    assert seen.claim("a") is True
    seen.release("a")
    assert seen.claim("a") is True
    seen.close()


def test_what_is_remembered_is_not_the_person() -> None:
    made = host.lead(FORM, "1")
    assert made["phone"] not in host.lead_key(made) and len(host.lead_key(made)) == 64
    assert host.lead_key(made) == host.lead_key(host.lead({**FORM, "phone": "+1 555 201 0123", "name": "A."}, "1"))
    assert host.lead_key(made) != host.lead_key({**made, "calculator": "colo-power"})


# ---- the server


class Webhook(ThreadingHTTPServer):
    """Stands in for the automation service."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _WebhookHandler)
        self.status = 200
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _WebhookHandler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.taken.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def server(webhook: Webhook) -> Iterator[Any]:
    environment = {
        "LEAD_WEBHOOK_URL": f"http://127.0.0.1:{webhook.server_port}/hook",
        "LEAD_WEBHOOK_KEY": "s3cret",
        "RECKONER_SITE": 'https://site.example/a"b/',
    }
    server = host.HostServer(host.Settings.read(environment))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def ask(server: Any, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def post(server: Any, form: Any, **headers: str) -> tuple[int, dict[str, str]]:
    status, text = ask(server, "POST", "/lead", json.dumps(form).encode(), **{"Origin": server.url, **headers})
    return status, json.loads(text)


def test_a_lead_is_handed_on_once(server: Any, webhook: Webhook) -> None:
    assert post(server, {**FORM, "campaign": {"utm_source": "news"}}) == (200, {"status": "taken"})
    assert post(server, {**FORM, "phone": "+15552010123"}) == (200, {"status": "known"})
    [(headers, body)] = webhook.taken
    assert headers["Authorization"] == "Bearer s3cret" and len(headers["Idempotency-Key"]) == 64
    assert body["phone"] == "+15552010123" and body["campaign"] == {"utm_source": "news"}


def test_a_lead_that_did_not_get_through_can_be_sent_again(server: Any, webhook: Webhook) -> None:
    webhook.status = 500
    status, said = post(server, FORM)
    assert status == 502 and "again" in said["error"] and "s3cret" not in str(said)
    webhook.status = 200
    assert post(server, FORM) == (200, {"status": "taken"})
    assert len(webhook.taken) == 1


def test_what_is_not_this_pages_form_is_refused(server: Any, webhook: Webhook) -> None:
    refused = [
        post(server, FORM, Origin="https://evil.example")[0],
        post(server, FORM, Origin="null")[0],
        ask(server, "POST", "/lead", json.dumps(FORM).encode())[0],
        ask(server, "POST", "/other", b"{}", Origin=server.url)[0],
        ask(server, "POST", "/lead", b"{", Origin=server.url)[0],
        post(server, [FORM])[0],
        post(server, {**FORM, "name": ""})[0],
        post(server, {**FORM, "name": "A" * 20_000})[0],
    ]
    assert refused == [403, 403, 403, 403, 400, 400, 422, 413]
    assert post(server, {**FORM, "website": "https://spam.example"}) == (200, {"status": "taken"})
    assert not webhook.taken


def test_the_page_names_the_site_and_nothing_secret(server: Any) -> None:
    status, text = ask(server, "GET", "/")
    assert status == 200
    assert text.count("https://site.example/a&quot;b/embed.js") == 1 and "calculators.example" not in text
    assert "s3cret" not in text and "hook" not in text
    assert ask(server, "GET", "/server.py")[0] == 404
    assert ask(server, "GET", "/../server.py")[0] == 404
