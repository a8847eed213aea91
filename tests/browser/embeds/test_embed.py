"""Calculators in pages of another origin: they work there as they do at home, and look as their embedder wants."""

from __future__ import annotations

import gzip
import io
import json
import re
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import COUNT_RESULTS, PHONE, Guard, OpenContext, Trap
from tests.browser.embeds.host import (
    BOOKED,
    BUTTON,
    LATE_MS,
    SLUG,
    Host,
    assert_nothing_stored,
    be_impatient,
    button,
    change,
    frames,
    headline,
    running,
    show_note,
    stored,
    told,
    until,
)
from tests.browser.find_browser import find_browser
from tests.browser.test_quality import assert_accessible
from tests.browser.widget import reported
from tests.site_build import ROOT, chromium_arguments
from tests.site_server import Rule

MORTGAGE = "mortgage-vs-invest"
SLUGS = (SLUG, MORTGAGE, "hardware-fit", "hardware-ranking")


def is_as_high_as_its_content(frame: Frame) -> bool:
    fits: bool = frame.evaluate(
        "Math.abs(innerHeight - document.body.getBoundingClientRect().height) <= 1 "
        "&& document.documentElement.scrollWidth <= innerWidth"
    )
    return fits


# ---- what it does


def test_the_script_is_small_and_stands_alone(host: Host) -> None:
    file = Path(str(host.site.folder)) / "embed.js"
    assert file.read_text() == (ROOT / "docs/assets/javascripts/embed.js").read_text()
    assert len(gzip.compress(file.read_bytes(), 9)) <= 4096
    assert "import" not in file.read_text().replace("important", "")


@pytest.mark.parametrize("slug", SLUGS)
def test_each_calculator_answers_in_a_strangers_page(slug: str, page: Page, host: Host) -> None:
    page.goto(host.page(host.element(calculator=slug) + host.script))
    (frame,) = running(page)
    assert headline(frame) == reported(slug)["headline"]
    until(page, lambda: is_as_high_as_its_content(frame), "as high as its content")
    assert told(page, "ready") == [["one", {"calculator": slug}]]
    assert page.locator("#one iframe").get_attribute("title") == frame.title()


def test_inputs_accent_and_button(page: Page, host: Host) -> None:
    inputs = {"balance_usd": "310000", "rate_pct": "7"}
    element = host.element(
        calculator=MORTGAGE, inputs=urlencode(inputs), accent="#0b7a75", cta_url=BUTTON, cta_label="Talk <to> us"
    )
    address = host.page(element + host.script)
    page.goto(f"{address}?utm_source=news&gclid=g1&ref=r&secret=s&utm_Bad=1&from=them&__proto__=1")
    (frame,) = running(page)
    expect(frame.locator("[data-headline]")).to_have_text(
        reported(MORTGAGE, *(f"{name}={text}" for name, text in inputs.items()))["headline"]
    )
    assert frame.input_value("[name=rate_pct]") == "7"
    assert frame.locator(".embed-button").inner_text() == "Talk <to> us"
    assert frame.evaluate("getComputedStyle(document.querySelector('.embed-button')).backgroundColor") == (
        "rgb(11, 122, 117)"
    )
    until(page, lambda: "gclid" in button(frame), "the campaign")
    query = parse_qs(urlsplit(button(frame)).query)
    assert query == {"from": ["us"], "utm_source": ["news"], "gclid": ["g1"], "ref": ["r"]}
    assert frame.locator(".embed-button").get_attribute("target") == "_top"
    assert frame.locator("[data-embed-share]").inner_text() == "What you enter stays in your browser."
    # Neither the results nor the inputs are told to a page that did not ask.
    change(frame, "rate_pct", "6")
    page.wait_for_timeout(300)
    assert told(page, "result") == [] and len(page.evaluate("heard")) == 1
    assert "reckoner_" not in button(frame)


def test_reset_goes_back_to_what_the_embedder_gave(page: Page, host: Host) -> None:
    page.goto(host.page(host.element(inputs="years=7") + host.script))
    (frame,) = running(page)
    given = reported(SLUG, "years=7")["headline"]
    expect(frame.locator("[data-headline]")).to_have_text(given)
    change(frame, "years", "2")
    expect(frame.locator("[data-headline]")).not_to_have_text(given)
    frame.click("button[type=reset]")
    expect(frame.locator("[data-headline]")).to_have_text(given)
    assert frame.input_value("[name=years]") == "7"


def test_results_are_shared_where_that_is_chosen_and_said(page: Page, host: Host, guard: Guard) -> None:
    page.goto(host.page(host.element(share_results="", cta_url=BUTTON) + host.script))
    (frame,) = running(page)
    name = urlsplit(host.url).netloc
    expect(frame.locator("[data-embed-share]")).to_have_text(
        f"{name} receives your numbers and each result; book.example.com receives the result when you follow the "
        "button. The owner of this page chose so."
    )
    show_note(frame)
    change(frame, "years", "4")
    until(page, lambda: told(page, "result"), "a result")
    ((_, result),) = told(page, "result")
    report = reported(SLUG, "years=4")
    assert result == {
        "calculator": SLUG,
        "inputs": {name: entry["raw"] for name, entry in report["inputs"].items()},
        "headline": report["headline"],
        "verdict": report["verdict"],
        "metrics": {id: metric["value"] for id, metric in report["metrics"].items()},
    }
    query = parse_qs(urlsplit(button(frame)).query)
    assert query["reckoner_headline"] == [report["headline"]] and query["reckoner_calculator"] == [SLUG]


def test_nothing_is_shared_before_it_is_seen(page: Page, host: Host) -> None:
    space = '<p style="height: 3000px">Far above it.</p>'
    page.goto(host.page(space + host.element(share_results="", cta_url=BUTTON) + host.script))
    page.evaluate("document.querySelector('iframe').loading = 'eager'")
    (frame,) = running(page)
    until(page, lambda: told(page, "ready"), "ready")
    # As a script would type; a visitor would have to see the form.
    frame.evaluate("document.querySelector('[name=years]').value = '4'")
    frame.dispatch_event("[name=years]", "change", {"bubbles": True})
    frame.wait_for_function("() => window.rkResults > 0", polling=100)
    page.wait_for_timeout(500)
    assert told(page, "result") == [] and "reckoner_" not in button(frame)
    show_note(frame)
    until(page, lambda: told(page, "result"), "the result that waited")
    until(page, lambda: "reckoner_headline" in button(frame), "the headline in the button's address")


def test_the_button_leads_the_whole_window_away(page: Page, host: Host, guard: Guard, trap: Trap) -> None:
    guard.origins.add("https://book.example.com")
    page.context.route("https://book.example.com/**", lambda route: route.fulfill(body=BOOKED))
    page.goto(host.page(host.element(cta_url=BUTTON, share_results="") + host.script) + "?utm_source=x")
    (frame,) = running(page)
    show_note(frame)
    until(page, lambda: "reckoner_headline" in button(frame), "the note seen, so that the button carries the result")
    page.evaluate("addEventListener('reckoner:cta', ({ detail }) => console.log(JSON.stringify(detail)))")
    with page.expect_console_message(lambda message: "calculator" in message.text) as said:
        frame.click(".embed-button")
    assert said.value.text == f'{{"calculator":"{SLUG}"}}'
    page.wait_for_url("https://book.example.com/**")
    query = parse_qs(urlsplit(page.url).query)
    assert query["utm_source"] == ["x"] and query["reckoner_headline"] == [reported(SLUG)["headline"]]
    # Chromium connects to where a pressed link leads, before the page asks.
    page.wait_for_timeout(500)
    page.context.unroute_all()
    assert set(trap.caught) <= {"CONNECT book.example.com:443 HTTP/1.1"}
    trap.caught.clear()


def test_links_open_beside_the_page(cold_page: Page, host: Host, guard: Guard) -> None:
    page = cold_page  # the site itself keeps the choice of colours
    guard.expect_errors("Cannot redefine property: connection")  # the tests' own script, twice in a new window
    page.goto(host.page(host.element() + host.script))
    (frame,) = running(page)
    with page.context.expect_page() as opened:
        frame.click("footer a >> nth=0")
    expect(opened.value).to_have_url(f"{host.site.url}calculators/{SLUG}/")
    assert opened.value.evaluate("[opener, self.origin]") == [None, host.site.origin]
    assert page.url == host.url and "/embed/" in frame.url


# ---- pinned numbers


def pinned(slug: str) -> str:
    """Every input as it stands today, as the builder writes it."""
    raw = {name: entry["raw"] for name, entry in reported(slug)["inputs"].items()}
    return urlencode({"years": "4", "v": "0123abcd", **{n: text for n, text in raw.items() if n != "years"}})


def test_a_pinned_embed_keeps_its_numbers_and_says_so(page: Page, host: Host) -> None:
    today = pinned(SLUG)
    price = reported(SLUG)["inputs"]["usd_per_kwh"]["raw"]
    then = today.replace(f"usd_per_kwh={price}", "usd_per_kwh=0.55")
    assert then != today
    elements = host.element("now", inputs=today, as_of="2026-11-21") + host.element("then", inputs=then)
    page.goto(host.page(elements + host.script))
    now, before = running(page, 2)
    expect(now.locator("[data-headline]")).to_have_text(reported(SLUG, "years=4")["headline"])
    expect(now.locator("[data-embed-day]")).to_have_text("It begins with the numbers of 2026-11-21.")
    expect(now.locator("[data-moved]")).to_be_hidden()
    expect(before.locator("[data-moved]")).to_contain_text(
        "Since this calculator was set up here a default has changed"
    )
    expect(before.locator("[data-moved]")).to_contain_text(
        f"was 0.55 and is {price} now. The earlier numbers are kept."
    )
    expect(before.locator("[data-headline]")).to_have_text(reported(SLUG, "years=4", "usd_per_kwh=0.55")["headline"])


# ---- pages of every kind


def test_several_on_a_page_each_with_events_of_its_own(page: Page, host: Host) -> None:
    elements = host.element("a", share_results="") + host.element("b", share_results="", inputs="years=6")
    page.goto(host.page(elements + host.script + host.script))
    page.evaluate("document.querySelectorAll('iframe').forEach((frame) => (frame.loading = 'eager'))")
    first, second = running(page, 2)
    until(page, lambda: len(told(page, "ready")) == 2, "both are ready")
    assert sorted(id for id, _ in told(page, "ready")) == ["a", "b"]
    for frame in (second, first):
        show_note(frame)
        page.wait_for_timeout(300)
    change(first, "years", "4")
    until(page, lambda: any(id == "a" for id, _ in told(page, "result")), "the first one's result")
    assert {(id, result["inputs"]["years"]) for id, result in told(page, "result")} == {("a", "4"), ("b", "6")}


def test_elements_come_and_go(page: Page, host: Host) -> None:
    page.goto(host.page('<div id="place"></div>' + host.script))
    element = host.element()
    for turn in range(1, 6):
        page.evaluate("(html) => { document.getElementById('place').innerHTML = html }", element)
        running(page)
        until(page, lambda turn=turn: len(told(page, "ready")) == turn, f"turn {turn}")  # type: ignore[misc]
        if turn == 3:  # a framework may throw the frame away and keep the element
            page.evaluate("document.getElementById('one').replaceChildren()")
            until(page, lambda: len(told(page, "ready")) == 4, "begun anew")
            page.evaluate("window.told.splice(3)")
        page.evaluate("document.getElementById('place').replaceChildren()")
        until(page, lambda: not frames(page), "gone")
    assert page.evaluate("document.querySelectorAll('iframe').length") == 0


def test_changed_attributes_are_followed(page: Page, host: Host) -> None:
    page.goto(host.page(host.element(inputs="years=7", title="Ours") + host.script))
    (frame,) = running(page)
    until(page, lambda: is_as_high_as_its_content(frame), "as high as its content")
    page.evaluate("window.first = document.querySelector('#one iframe')")
    # What the frame is not made of, and what stays as it is, changes nothing.
    page.evaluate("""async () => {
      const one = document.getElementById("one");
      Object.assign(one.dataset, { height: "400", title: "Theirs", inputs: "years=7" });
      one.className += " more";
      await new Promise((resolve) => setTimeout(resolve, 50));
    }""")
    assert page.evaluate("document.querySelector('#one iframe') === first")
    heights = page.evaluate("""async () => {
      const one = document.getElementById("one");
      const before = first.style.height;
      Object.assign(one.dataset, { inputs: "years=4", theme: "dark" });
      while (one.firstElementChild === first) await new Promise((resolve) => setTimeout(resolve));
      return [before, one.firstElementChild.style.height];
    }""")
    assert heights[0] == heights[1], "nothing jumps"
    until(page, lambda: ["years=4" in frame.url for frame in frames(page)] == [True], "the new frame alone")
    (frame,) = running(page)
    expect(frame.locator("[data-headline]")).to_have_text(reported(SLUG, "years=4")["headline"])
    expect(frame.locator("html")).to_have_attribute("data-md-color-scheme", "slate")
    page.evaluate("document.getElementById('one').dataset.calculator = 'mortgage-vs-invest'")
    until(page, lambda: [MORTGAGE in frame.url for frame in frames(page)] == [True], "another calculator")
    (frame,) = running(page)
    until(page, lambda: told(page, "ready")[-1] == ["one", {"calculator": MORTGAGE}], "ready")
    page.evaluate("document.getElementById('one').dataset.calculator = '../x'")
    expect(page.locator("#one")).to_contain_text("data-calculator does not name a calculator")
    assert frames(page) == [] and page.evaluate("history.length") <= 3


@pytest.mark.parametrize(
    ("given", "width", "first"),
    [
        ("", 500, "1800px"),
        ("900", 500, "900px"),
        ("320:1000 680:2000", 500, "1500px"),
        ("680:2000  320:1000", 1000, "2000px"),
        ("680:2000 320:1000", 200, "1000px"),
        ("680:-1 x:900 5: 9e9", 500, "1800px"),
    ],
)
def test_the_height_kept_free(given: str, width: int, first: str, page: Page, host: Host) -> None:
    element = f'<div style="width: {width}px">{host.element(height=given)}</div>'
    note = """<script>
      new MutationObserver(() => {
        window.firstHeight ??= document.querySelector("#one iframe")?.style.height;
      }).observe(document, { subtree: true, childList: true });
    </script>"""
    page.goto(host.page(note + element + host.script))
    page.wait_for_function("window.firstHeight")
    assert page.evaluate("firstHeight") == first


@pytest.mark.parametrize("width", [320, 700])
def test_nothing_moves_when_the_scripts_of_the_frame_run(width: int, cold_page: Page, host: Host) -> None:
    page = cold_page
    page.set_viewport_size({"width": width, "height": 900})
    release = threading.Event()
    host.site.rules = [Rule(r"embed-frame\.js$", hold=release)]
    query = {"cta_url": BUTTON, "share": "1", "as_of": "2026-11-21", "years": reported(SLUG)["inputs"]["years"]["raw"]}
    page.goto(f"{host.site.url}embed/{SLUG}/?{urlencode(query)}", wait_until="commit")
    top = "document.querySelector('.rk-disclaimer').getBoundingClientRect().top"
    expect(page.locator(".rk-disclaimer")).to_be_visible()
    expect(page.locator("footer")).to_be_attached()
    before = page.evaluate(top)
    assert page.evaluate("document.documentElement.dataset.embed") is None
    expect(page.locator(".embed-button")).to_be_hidden()
    expect(page.locator("[data-embed-share]")).to_be_hidden()
    release.set()
    page.wait_for_selector("html[data-embed=runs]", state="attached")
    expect(page.locator(".embed-button")).to_be_visible()
    expect(page.locator("[data-embed-share]")).to_contain_text("receives the result")
    assert abs(page.evaluate(top) - before) <= 2


def test_a_frame_far_below_waits(cold_page: Page, host: Host) -> None:
    page = cold_page
    be_impatient(page, LATE_MS)
    page.goto(host.page('<p style="height: 20000px">Far above it.</p>' + host.element() + host.script))
    page.wait_for_selector("#one iframe", state="attached")
    page.wait_for_timeout(500)  # longer than a frame is waited for
    assert host.site.sent_paths("^embed/") == []
    assert page.locator("#one").inner_text() == ""
    page.locator("#one").scroll_into_view_if_needed()
    running(page)


def test_heights_do_not_swing_for_ever(page: Page, host: Host) -> None:
    """As with a scroll bar that comes and goes: the width of the frame depends on its height."""
    swing = """<script>
      window.heights = [];
      new MutationObserver(() => {
        const frame = document.querySelector("#one iframe");
        const height = parseFloat(frame?.style.height);
        if (!height || height === heights.at(-1)) return;
        heights.push(height);
        frame.style.width = heights.length > 1 && height >= Math.max(...heights.slice(1)) ? "900px" : "500px";
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["style"] });
    </script>"""
    page.goto(host.page(host.element() + swing + host.script))
    running(page)
    until(page, lambda: page.evaluate("heights.length") >= 3, "it swings a little")
    page.wait_for_function(
        """() => new Promise((resolve) => {
          const before = heights.length;
          setTimeout(() => resolve(heights.length === before), 700);
        })"""
    )
    assert page.evaluate("heights.length") <= 12, "and comes to rest"


@pytest.mark.parametrize("width", [320, 700, 1100])
def test_right_to_left_and_narrow(width: int, page: Page, host: Host) -> None:
    element = f'<div style="width: {width}px">{host.element(calculator=MORTGAGE, cta_url=BUTTON)}</div>'
    page.goto(host.page(element + host.script, language='lang="ar" dir="rtl"'))
    (frame,) = running(page)
    until(page, lambda: is_as_high_as_its_content(frame), "as high as its content, and nothing sticks out")
    box = page.locator("#one iframe").bounding_box()
    assert box and box["width"] == width
    assert frame.evaluate("getComputedStyle(document.body).direction") == "ltr"  # the text is English


@pytest.mark.parametrize(
    ("theme", "scheme", "dark"),
    [("light", "dark", False), ("dark", "light", True), ("auto", "dark", True), ("", "light", False)],
)
def test_light_dark_and_what_the_visitor_has(theme: str, scheme: Any, dark: bool, page: Page, host: Host) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(host.page(host.element(theme=theme) + host.script))
    (frame,) = running(page)
    colours = frame.evaluate("((s) => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    assert colours[0] == ("rgb(30, 33, 41)" if dark else "rgb(255, 255, 255)")


@pytest.mark.parametrize("accent", ["", "#ffff00", "#000000", "#7f7f7f"])
def test_accessible_in_every_colour(accent: str, page: Page, host: Host) -> None:
    query = urlencode(
        {"cta_url": BUTTON, "share": "1", "accent": accent or "#0b7a75", "nope": "1", "as_of": "2026-11-21"}
    )
    page.goto(f"{host.site.url}embed/{SLUG}/?{query}")
    page.wait_for_selector("html[data-embed=runs]", state="attached")
    sizes = [PHONE] if accent else [PHONE, (320, 700), (1280, 900)]  # an accent is the same at each
    looked_at = 0
    for scheme in ("light", "dark"):
        for size in sizes:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            dark = "slate" if scheme == "dark" else "default"
            expect(page.locator("html")).to_have_attribute("data-md-color-scheme", dark)
            assert_accessible(page, f"{accent} {scheme} {size}", ("color-contrast", "link-name"))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            looked_at += 1
    assert looked_at == 2 * len(sizes)


def test_paper_has_no_button(page: Page, host: Host) -> None:
    page.goto(f"{host.site.url}embed/{SLUG}/?{urlencode({'cta_url': BUTTON, 'theme': 'dark'})}")
    page.wait_for_selector("html[data-embed=runs]", state="attached")
    page.emulate_media(media="print")
    expect(page.locator(".embed-button")).to_be_hidden()
    expect(page.locator(".rk-given")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator("[data-address]")).to_have_text(f"{host.site.url}calculators/{SLUG}/")


def test_the_page_around_can_be_printed(page: Page, host: Host) -> None:
    page.goto(host.page(host.element(cta_url=BUTTON, cta_label="Talk to us", height="4000") + host.script))
    (frame,) = running(page)
    until(page, lambda: is_as_high_as_its_content(frame), "as high as its content")
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    printed = re.sub(r"\s+", " ", text)
    assert reported(SLUG)["headline"][:40] in printed and "After it." in printed
    assert "which says where each number comes from" in printed, "the frame's last line"
    assert "Talk to us" not in printed


# ---- where it cannot calculate


def test_without_javascript_the_built_answer_stands(open_context: OpenContext, host: Host) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(host.page(host.bare("years=4") + host.element() + host.script))
    (frame,) = frames(page)
    assert headline(frame) == reported(SLUG)["headline"]
    expect(frame.locator("footer a").first).to_have_attribute("href", f"../../calculators/{SLUG}/")
    expect(frame.locator(".embed-button")).to_be_hidden()


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-forms allow-popups", ""])
def test_a_frame_without_an_origin_shows_the_built_answer(sandbox: str, page: Page, host: Host, guard: Guard) -> None:
    guard.expect_errors("CORS policy", "ERR_FAILED", "Blocked script execution", "sandboxed")
    page.goto(host.page(host.bare(attributes=f' sandbox="{sandbox}"')))
    (frame,) = frames(page)
    expect(frame.locator("[data-headline]")).to_have_text(reported(SLUG)["headline"])
    if sandbox:
        expect(frame.locator(".embed-still")).to_be_visible()
        expect(frame.locator(".rk-form")).to_be_hidden()
        expect(frame.locator(".embed-still a")).to_have_attribute("href", f"../../calculators/{SLUG}/")
    assert frame.evaluate("self.origin") == "null" if sandbox else True


def test_a_host_page_without_an_origin(page: Page, host: Host, guard: Guard) -> None:
    be_impatient(page, LATE_MS)
    guard.expect_errors("CORS policy", "ERR_FAILED")
    host.page(host.element() + host.script, "inner.html")
    page.goto(host.page('<iframe id="outer" sandbox="allow-scripts" src="inner.html" height="1500"></iframe>'))
    outer = next(frame for frame in page.frames if frame.url.endswith("inner.html"))
    expect(outer.locator("#one a")).to_have_attribute("href", f"{host.site.url}calculators/{SLUG}/")
    (frame,) = frames(page)
    expect(frame.locator("[data-headline]")).to_be_visible()


@pytest.mark.parametrize("case", ["policy of the page", "policy of the site", "no such calculator", "no network"])
def test_where_no_frame_comes_there_is_a_link(case: str, cold_page: Page, host: Host, guard: Guard) -> None:
    page = cold_page
    be_impatient(page, LATE_MS)
    guard.expect_errors("Content Security Policy", "404", "500", "ERR_", "frame-ancestors")
    guard.expect_errors("Access is denied")  # the site's page for missing ones wants storage
    head, slug = "", SLUG
    if case == "policy of the page":
        head = '<meta http-equiv="Content-Security-Policy" content="frame-src \'none\'">'
    elif case == "policy of the site":
        host.site.headers = {"Content-Security-Policy": "frame-ancestors 'none'"}
    elif case == "no such calculator":
        slug = "no-such-calculator"
    else:
        host.site.rules = [Rule("^embed/", status=500)]
    page.goto(host.page(host.element(calculator=slug) + host.script, head=head))
    expect(page.locator("#one")).to_have_text("The calculator could not be shown here. Open it on its own page")
    expect(page.locator("#one iframe")).to_be_hidden()
    expect(page.locator("#one a")).to_have_attribute("href", f"{host.site.url}calculators/{slug}/")


def test_where_the_page_forbids_the_script_its_own_link_stands(page: Page, host: Host, guard: Guard) -> None:
    guard.expect_errors("Content Security Policy")
    head = f'<meta http-equiv="Content-Security-Policy" content="script-src {host.origin} \'unsafe-inline\'">'
    element = host.element().replace("></div>", '><a href="https://example.com/">Colocation power</a></div>')
    page.goto(host.page(element + host.script, head=head))
    expect(page.locator("#one")).to_have_text("Colocation power")
    assert frames(page) == []


def test_a_script_that_does_not_load_is_said(cold_page: Page, host: Host, guard: Guard) -> None:
    page = cold_page
    guard.expect_errors("500")
    host.site.rules = [Rule(r"embed-colour\.js", status=500)]
    page.goto(host.page(host.bare()))
    (frame,) = frames(page)
    expect(frame.locator(".embed-still")).to_be_visible()
    expect(frame.locator("[data-headline]")).to_have_text(reported(SLUG)["headline"])


def test_the_sites_own_pages_are_refused(page: Page, host: Host) -> None:
    page.goto(host.site.url)
    page.evaluate(
        """(html) => {
          document.body.insertAdjacentHTML("beforeend", html);
          const script = document.createElement("script");
          script.src = "/embed.js";
          document.head.append(script);
        }""",
        host.element(),
    )
    expect(page.locator("#one")).to_contain_text("An embed is for pages of other sites.")
    assert frames(page) == []


def test_it_stores_nothing_and_loads_little(cold_page: Page, host: Host) -> None:
    page = cold_page
    page.goto(host.page(host.element(cta_url=BUTTON, share_results="") + host.script))
    (frame,) = running(page)
    change(frame, "years", "4")
    page.wait_for_timeout(2500)  # on a page of the site the full engine would come by now
    assert host.site.sent_paths("^assets/(pyodide|python)/") == []
    assert_nothing_stored(page.context)
    assert page.evaluate("history.length") == 2  # about:blank and the page: nothing for the back button to undo


def test_blocked_storage_does_no_harm(open_context: OpenContext, host: Host) -> None:
    context = open_context()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
          Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
        }
        Object.defineProperty(Document.prototype, "cookie", { get() { throw new DOMException("blocked"); } });"""
    )
    page = context.new_page()
    page.goto(host.page(host.element() + host.script))
    (frame,) = running(page)
    change(frame, "years", "4")
    assert headline(frame) == reported(SLUG, "years=4")["headline"]


@pytest.mark.parametrize("is_blocked", [True, False])
def test_storage_of_third_parties(is_blocked: bool, browser: Browser, host: Host) -> None:
    """Visitors have it either way; the pages of the other tests are private windows, which block it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        preferences = Path(profile) / "Default" / "Preferences"
        preferences.parent.mkdir()
        wanted = {"profile": {"cookie_controls_mode": int(is_blocked), "block_third_party_cookies": is_blocked}}
        preferences.write_text(json.dumps(wanted), encoding="utf-8")
        context = browser.browser_type.launch_persistent_context(
            profile, executable_path=find_browser(), args=chromium_arguments()
        )
        context.add_init_script(COUNT_RESULTS)
        page = context.new_page()
        page.goto(host.page(host.element(cta_url=BUTTON) + host.script))
        (frame,) = running(page)
        change(frame, "years", "4")
        assert headline(frame) == reported(SLUG, "years=4")["headline"] and button(frame) == BUTTON
        assert stored(frame)["local"] == ("blocked" if is_blocked else 0), "the browser is set so"
        assert_nothing_stored(context)
        context.close()
