"""For everybody: keyboard, screen reader, small screens, dark, paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenContext
from tests.browser.test_navigation import ENTRY, varied_pages
from tests.browser.widget import (
    PATH,
    answered,
    assert_answer,
    calculator,
    change,
    control,
    described,
    error_at,
    open_everything,
    reported,
    type_in,
    uncover,
)
from tests.site_server import SiteServer

# ---- keyboard


def focused_name(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.getAttribute('name') ?? ''")
    return name


def tab_to(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused_name(page) == name:
            return
    raise AssertionError(f"{name} is not reached with 80 tabs")


def test_keyboard_only(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    tab_to(page, "rate_pct")
    page.keyboard.press("Control+A")
    page.keyboard.type("7.25")
    with answered(page):
        page.keyboard.press("Enter")
    assert focused_name(page) == "rate_pct", "the focus stays where it is"
    assert_answer(page, "rate_pct=7.25")
    page.keyboard.press("Tab")
    assert focused_name(page) == "compounding"
    with answered(page):
        page.keyboard.press("ArrowDown")
    assert focused_name(page) == "compounding"
    assert_answer(page, "rate_pct=7.25", "compounding=semiannual")
    # Typing alone is enough: the answer comes when the reader pauses, and the focus and the cursor stay.
    tab_to(page, "extra_monthly_usd")
    page.keyboard.press("End")
    with answered(page):
        page.keyboard.type("5")
    assert focused_name(page) == "extra_monthly_usd"
    assert page.evaluate("document.activeElement.selectionStart") == 4
    assert_answer(page, "rate_pct=7.25", "compounding=semiannual", "extra_monthly_usd=3005")
    # A wrong value does not move the focus either.
    page.keyboard.type("x")
    expect(error_at(page, "extra_monthly_usd")).to_be_visible()
    assert focused_name(page) == "extra_monthly_usd"
    # Groups, tables and Reset are reached and work without a pointer.
    button = calculator(page).get_by_role("button", name="Reset")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("(e) => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(calculator(page)).to_have_attribute("data-engine", "built")
    assert button.evaluate("(e) => e === document.activeElement")
    summary = calculator(page).locator("details[data-table='schedule'] > summary")
    for _ in range(40):
        page.keyboard.press("Tab")
        if summary.evaluate("(e) => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(calculator(page).locator("details[data-table='schedule'] td").first).to_be_visible()


def test_the_focus_is_visible_on_every_control(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    looked_at = 0
    style = (
        "(e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor] }"
    )
    for name in ("rate_pct", "compounding"):
        before = control(page, name).evaluate(style)
        tab_to(page, name)
        after = control(page, name).evaluate(style)
        assert after != before
        assert after[0] != "none" or after[2] != "none", f"{name}: {after}"
        looked_at += 1
    assert looked_at == 2


# ---- what a screen reader is told


def test_every_control_has_a_label_a_unit_help_and_a_place_for_its_error(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    fields = described()["inputs"]
    for field in fields:
        name = field["name"]
        found = uncover(page, name)
        expect(found).to_have_accessible_name(field["label"])
        ids = (found.get_attribute("aria-describedby") or "").split()
        texts = {id: page.locator(f"[id='{id}']").text_content() or "" for id in ids}
        assert all(page.locator(f"[id='{id}']").count() == 1 for id in ids)
        assert any(field["help"] in text for text in texts.values()), name
        if field["kind"] == "number":
            assert any(text.strip() == field["unit"] for text in texts.values()), name
        assert error_at(page, name).get_attribute("id") in ids
    assert len(fields) >= 20
    expect(calculator(page).locator("form")).to_have_accessible_name(re.compile(r"\w"))
    expect(calculator(page).locator("section.rk-answer")).to_have_accessible_name(described()["question"])
    open_everything(page)
    for table in reported()["tables"]:
        region = calculator(page).locator(f"details[data-table='{table['id']}'] [role=region]")
        expect(region).to_have_accessible_name(table["title"])
        heads = calculator(page).locator(f"details[data-table='{table['id']}'] th[scope=col]")
        expect(heads).to_have_text([column["label"] for column in table["columns"]])


def test_mistakes_and_news_are_spoken(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    live = calculator(page).locator("[data-live]")
    expect(live).to_have_attribute("aria-live", "polite")
    expect(live).to_be_empty()
    assert live.evaluate("(e) => e.checkVisibility()"), "a hidden region is never read out"
    change(page, "rate_pct", "7")
    expect(live).to_have_text(reported("mortgage-vs-invest", "rate_pct=7")["headline"])
    expect(calculator(page).locator("[data-status]")).to_have_attribute("role", "status")
    type_in(page, "rate_pct", "abc")
    expect(control(page, "rate_pct")).to_have_attribute("aria-invalid", "true")
    message = error_at(page, "rate_pct").inner_text()
    expect(control(page, "rate_pct")).to_have_accessible_description(re.compile(re.escape(message)))
    expect(live).to_have_text(message)
    expect(error_at(page, "")).to_have_attribute("role", "alert")
    # Quick changes are not all read out: only where the reader ends.
    page.evaluate(
        """() => { window.spoken = []; new MutationObserver(() =>
          window.spoken.push(document.querySelector("[data-live]").textContent)
        ).observe(document.querySelector("[data-live]"), { childList: true, characterData: true, subtree: true }) }"""
    )
    for value in ("1", "2", "3"):
        change(page, "rate_pct", value)
    expect(live).to_have_text(reported("mortgage-vs-invest", "rate_pct=3")["headline"])
    assert len(page.evaluate("window.spoken")) == 1


# ---- sizes


NARROW = (320, 390)

_TOO_WIDE = """
() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((e) =>
    e.getBoundingClientRect().right > root.clientWidth + 1 && e.checkVisibility());
  return [`${root.scrollWidth} > ${root.clientWidth}`, ...wide.slice(-5).map((e) => e.outerHTML.slice(0, 120))];
}
"""


def test_no_page_scrolls_sideways(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE).new_page()
    pages = varied_pages(server)
    for address in pages:
        page.goto(server.url + address)
        open_everything(page)
        assert_no_sideways_scroll(page, address)
    assert len(pages) >= 8
    page.goto(server.url + PATH)
    change(page, "balance_usd", "9876543210.12")
    open_everything(page)
    assert_no_sideways_scroll(page, "large amounts")
    type_in(page, "rate_pct", "7" * 300)
    expect(error_at(page, "rate_pct")).to_be_visible()
    assert_no_sideways_scroll(page, "a long message")


def assert_no_sideways_scroll(page: Page, what: str) -> None:
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        too_wide = page.evaluate(_TOO_WIDE)
        assert too_wide == [], f"{what} at {width}: {too_wide}"


def test_fingers_can_hit_the_controls(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(PHONE, has_touch=True).new_page()
    page.goto(server.url + PATH)
    measured = 0
    for target in calculator(page).locator("form input, form select, form button, summary").all():
        if not target.is_visible():
            continue
        box = target.bounding_box()
        assert box and box["height"] >= 24 and box["width"] >= 24, target.evaluate("(e) => e.outerHTML.slice(0, 150)")
        measured += 1
    assert measured >= 15
    size = control(page, "rate_pct").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 16, "phones zoom into fields with smaller text"


# ---- colours

# Contrast of every visible text in the calculator, as WCAG 2 computes it, after blending what is translucent.
_CONTRAST = """
(element) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const background = (node) => {
    const layers = [];
    for (let e = node; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const look = (owner, text, style) => {
    const below = background(owner);
    const colour = rgba(style.color);
    for (let e = owner; e; e = e.parentElement) colour[3] *= Number(getComputedStyle(e).opacity);
    const [a, b] = [luminance(over(colour, below)), luminance(below)].sort((x, y) => y - x);
    found.push({ text: text.trim().slice(0, 60), contrast: (a + 0.05) / (b + 0.05) });
  };
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const owner = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !owner.checkVisibility({ visibilityProperty: true })) continue;
    if (["SCRIPT", "NOSCRIPT", "OPTION"].includes(owner.tagName)) continue;
    look(owner, walker.currentNode.data, getComputedStyle(owner));
  }
  for (const field of element.querySelectorAll("input, select")) {
    if (!field.checkVisibility()) continue;
    look(field, field.value || field.placeholder || field.name, getComputedStyle(field));
    if (field.placeholder && !field.value) {
      look(field, `placeholder of ${field.name}`, getComputedStyle(field, "::placeholder"));
    }
  }
  return found;
}
"""


def assert_contrast(page: Page, at_least: int) -> None:
    found: list[dict[str, Any]] = calculator(page).evaluate(_CONTRAST)
    assert len(found) >= at_least
    weak = sorted((round(one["contrast"], 2), one["text"]) for one in found if one["contrast"] < 4.5)
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_every_text(scheme: str, server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(color_scheme=scheme).new_page()
    page.goto(server.url + PATH)
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate" if scheme == "dark" else "default")
    open_everything(page)
    assert_contrast(page, 300)
    # Mistakes, and the answer that does not match them.
    change(page, "rate_pct", "7")
    type_in(page, "rate_pct", "abc")
    expect(error_at(page, "rate_pct")).to_be_visible()
    assert_contrast(page, 300)


# ---- motion and paper


def test_nothing_moves_for_those_who_asked_for_less_motion(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(reduced_motion="reduce").new_page()
    page.goto(server.url + PATH)
    moving = """(element) => [element, ...element.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      const seconds = (text) => Math.max(...text.split(",").map((t) => parseFloat(t) * (t.includes("ms") ? 0.001 : 1)));
      return (style.animationName !== "none" && seconds(style.animationDuration) > 0.01) ||
        (style.transitionProperty !== "none" && seconds(style.transitionDuration) > 0.01);
    }).map((e) => e.outerHTML.slice(0, 100))"""
    assert calculator(page).evaluate(moving) == []
    type_in(page, "rate_pct", "7")
    expect(calculator(page)).to_have_attribute("data-state", re.compile("starting|ready"))
    assert calculator(page).evaluate(moving) == []
    page.wait_for_function("window.rkResults > 0")
    assert page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length") == 0


def test_paper_has_the_answer(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    report = reported("mortgage-vs-invest", "rate_pct=7")
    for place in ("[data-headline]", "[data-verdict]", "dl [data-metric]", "[data-notes] li", "[data-sources] li"):
        expect(calculator(page).locator(place).first).to_be_visible()
    keys = [metric["id"] for metric in described()["metrics"] if metric["key"]]
    assert len(keys) >= 3
    for id in keys:
        expect(calculator(page).locator(f"dl [data-metric='{id}']")).to_have_text(report["metrics"][id]["text"])
        expect(calculator(page).locator(f"dl [data-metric='{id}']")).to_be_visible()
    # The numbers that it holds for are on the paper, too.
    given = calculator(page).locator("[data-given] div").filter(has_text="Mortgage rate")
    expect(given).to_be_visible()
    expect(given).to_have_text(re.compile(r"^\s*Mortgage rate\s*7 %\s*$"))
    cut = calculator(page).evaluate(
        """(element) => [...element.querySelectorAll("details[open] *")].filter((e) => e.clientHeight > 1 &&
          e.checkVisibility() && getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1
        ).map((e) => e.getAttribute("aria-label") ?? e.className)"""
    )
    assert cut == [], "paper does not scroll: rows of these are lost"
    pdf = page.pdf()
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000


def test_groups_keep_what_was_typed_when_closed(page: Page, server: SiteServer) -> None:
    page.goto(server.url + ENTRY)
    change(page, "inflation_pct", "2")
    field = uncover(page, "inflation_pct")
    field.locator("xpath=ancestor::details[1]/summary").click()
    expect(field).to_be_hidden()
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6", "inflation_pct=2")
