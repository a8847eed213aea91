"""The address holds the reader's changes, and whatever else stands in it does no harm."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.widget import (
    PATH,
    SLUG,
    assert_answer,
    assert_built,
    calculator,
    change,
    control,
    described,
    error_at,
    expected,
    read,
    refusal,
)
from tests.site_server import SiteServer


def test_changes_stand_in_the_address_and_come_back(page: Page, server: SiteServer, open_context: OpenContext) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    assert page.url == f"{server.url}{PATH}?rate_pct=7"
    change(page, "compounding", "annual")
    assert page.url == f"{server.url}{PATH}?rate_pct=7&compounding=annual"
    page.reload()
    page.wait_for_function("window.rkResults === 1")
    assert control(page, "rate_pct").input_value() == "7"
    assert_answer(page, "rate_pct=7", "compounding=annual")
    # Somebody else opens the same address.
    other = open_context().new_page()
    other.goto(page.url)
    other.wait_for_function("window.rkResults === 1")
    assert_answer(other, "rate_pct=7", "compounding=annual")
    assert other.url == page.url
    # Back to the default: nothing is left in the address.
    change(page, "rate_pct", "6.5")
    change(page, "compounding", "monthly")
    assert page.url == server.url + PATH


def test_what_campaigns_put_into_an_address_stays_there(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{PATH}?utm_source=letter&gclid=x1&rate_pct=7")
    page.wait_for_function("window.rkResults === 1")
    assert_answer(page, "rate_pct=7")
    change(page, "rate_pct", "8")
    assert page.url == f"{server.url}{PATH}?utm_source=letter&gclid=x1&rate_pct=8"
    page.goto(f"{server.url}{PATH}?utm_source=letter")
    page.wait_for_timeout(300)
    assert_built(page)
    assert page.evaluate("window.rkResults") == 0


WRONG_VALUES = ["abc", "", "9" * 8192, "<b>7</b>"]


def test_a_wrong_value_in_the_address_is_said_at_its_field(page: Page, server: SiteServer) -> None:
    said = 0
    for value in WRONG_VALUES:
        page.goto(f"{server.url}{PATH}?rate_pct={quote(value)}")
        expect(error_at(page, "rate_pct")).to_have_text(refusal(f"rate_pct={value}"))
        assert len(error_at(page, "rate_pct").inner_text()) < 300
        assert control(page, "rate_pct").input_value() == value
        expect(calculator(page)).to_have_attribute("data-stale", "")
        assert read(page) == expected(), "the built answer stands"
        said += 1
    assert said == 4
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")
    expect(error_at(page, "rate_pct")).to_be_hidden()


def test_a_choice_that_does_not_exist_is_said_at_its_field(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{PATH}?compounding=weekly")
    expect(error_at(page, "compounding")).to_have_text(refusal("compounding=weekly"))
    expect(calculator(page)).to_have_attribute("data-stale", "")
    change(page, "compounding", "annual")
    assert_answer(page, "compounding=annual")


UNKNOWN = ["rate", "constructor", "<b>x</b>", "n" * 200]


def assert_unknown_is_said(page: Page, name: str) -> None:
    expect(error_at(page, "")).to_be_visible()
    expect(error_at(page, "")).to_contain_text(f'There is no input "{name[:20]}')
    expect(calculator(page)).to_have_attribute("data-stale", "")
    assert read(page) == expected(), "the built answer stands"


def test_an_unknown_name_in_the_address_is_said(page: Page, server: SiteServer) -> None:
    said = 0
    for name in UNKNOWN:
        page.goto(f"{server.url}{PATH}?{quote(name)}=1&rate_pct=7")
        assert_unknown_is_said(page, name)
        said += 1
    assert said == 4
    # With the next change the page goes on without it.
    change(page, "rate_pct", "8")
    assert_answer(page, "rate_pct=8")
    assert page.url == f"{server.url}{PATH}?rate_pct=8"


def test_the_name_proto_in_the_address_is_like_any_other(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{PATH}?__proto__=1&__proto__[polluted]=1&rate_pct=7")
    expect(error_at(page, "")).to_be_visible()
    assert page.evaluate("({}).polluted") is None
    page.goto(f"{server.url}{PATH}?__proto__=1&rate_pct=7")
    assert_unknown_is_said(page, "__proto__")


def test_many_names_and_a_broken_address_do_no_harm(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{PATH}?" + "&".join(f"a{i}={i}" for i in range(300)) + "&%=%zz&=&&")
    expect(error_at(page, "")).to_be_visible()
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")


def test_the_same_name_twice_is_one_input(page: Page, server: SiteServer) -> None:
    page.goto(f"{server.url}{PATH}?rate_pct=7&rate_pct=8")
    page.wait_for_function("window.rkResults === 1")
    value = control(page, "rate_pct").input_value()
    assert value in ("7", "8")
    assert_answer(page, f"rate_pct={value}")


# ---- back and forward


def wait_for_answer(page: Page, *inputs: str) -> None:
    """Waits for the headline of these inputs, then compares everything."""
    expect(calculator(page).locator("[data-headline]")).to_have_text(expected(SLUG, *inputs).headline)
    assert_answer(page, *inputs)


def test_back_and_forward_lead_through_the_scenarios(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    page.evaluate("window.sameVisit = true")
    change(page, "rate_pct", "7")
    change(page, "rate_pct", "7.5")  # the same input: the same step
    change(page, "compounding", "annual")
    page.go_back()
    wait_for_answer(page, "rate_pct=7.5")
    assert page.url == f"{server.url}{PATH}?rate_pct=7.5"
    assert control(page, "compounding").input_value() == "monthly"
    page.go_back()
    expect(calculator(page)).to_have_attribute("data-engine", "built")
    assert page.url == server.url + PATH
    assert_built(page)
    assert control(page, "rate_pct").input_value() == "6.5"
    page.go_forward()
    wait_for_answer(page, "rate_pct=7.5")
    page.go_forward()
    wait_for_answer(page, "rate_pct=7.5", "compounding=annual")
    assert control(page, "compounding").input_value() == "annual"
    # From here on a change is a new step, and Reset is one, too.
    page.go_back()
    wait_for_answer(page, "rate_pct=7.5")
    change(page, "rate_pct", "8")
    calculator(page).get_by_role("button", name="Reset").click()
    assert page.url == server.url + PATH
    page.go_back()
    wait_for_answer(page, "rate_pct=8")
    page.go_back()
    wait_for_answer(page, "rate_pct=7.5")
    assert page.evaluate("window.sameVisit") is True


def test_a_wrong_value_makes_no_step(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "rate_pct", "7")
    length = page.evaluate("history.length")
    control(page, "rate_pct").fill("abc")
    expect(error_at(page, "rate_pct")).to_be_visible()
    assert page.url == f"{server.url}{PATH}?rate_pct=7"
    assert page.evaluate("history.length") == length
    page.go_back()
    expect(error_at(page, "rate_pct")).to_be_hidden()
    assert_built(page)


# ---- links that keep their numbers


def copied_link(page: Page, index: int = 0) -> str:
    calculator(page, index).get_by_role("button", name="Copy link").click()
    expect(calculator(page, index).locator("[data-copied]")).to_have_text("Copied.")
    link: str = page.evaluate("navigator.clipboard.readText()")
    return link


def query_of(link: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(link).query, keep_blank_values=True)


def test_a_copied_link_holds_every_input(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{server.url}{PATH}?utm_source=letter")
    change(page, "rate_pct", "7")
    change(page, "payment_usd", "2,500.50")
    link = copied_link(page)
    assert link.startswith(f"{server.url}{PATH}?utm_source=letter&")
    names = [name for name, _ in query_of(link) if not name.startswith("utm")]
    assert sorted(names) == sorted([*(field["name"] for field in described()["inputs"]), "v"])
    touched = dict(query_of(link)[1 : 1 + names.index("v")])
    assert set(touched) == {"rate_pct", "payment_usd"}
    other = open_context().new_page()
    other.goto(link)
    wait_for_answer(other, "rate_pct=7", "payment_usd=2,500.50")
    expect(calculator(other).locator("[data-moved]")).to_be_hidden()
    # What its maker had left alone is free to follow: the term is given, the payment is not pinned by it.
    change(other, "payment_usd", "")
    change(other, "term_months", "240")
    assert_answer(other, "rate_pct=7", "payment_usd=", "term_months=240")


def test_a_link_to_the_defaults_is_answered_without_an_engine(server: SiteServer, open_context: OpenContext) -> None:
    page = open_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(server.url + PATH)
    link = copied_link(page)
    page.goto(link)
    page.wait_for_timeout(500)
    assert_built(page)
    assert page.evaluate("window.rkResults") == 0


@pytest.mark.parametrize("changed", ["", "rate_pct=7&"])
def test_a_default_that_has_changed_since_is_said_and_the_link_keeps_its_number(
    changed: str, page: Page, server: SiteServer
) -> None:
    page.goto(f"{server.url}{PATH}?{changed}v=00000000&return_pct=8&extra_monthly_usd=300")
    given = ["rate_pct=7"] if changed else []
    wait_for_answer(page, *given, "return_pct=8")
    moved = calculator(page).locator("[data-moved]")
    expect(moved).to_be_visible()
    label = next(field["label"] for field in described()["inputs"] if field["name"] == "return_pct")
    words = f"Since this link was made a default has changed: {label} was 8 and is 7 now. The link's numbers are kept."
    expect(moved).to_have_text(words)
    calculator(page).get_by_role("button", name="Reset").click()
    expect(moved).to_be_hidden()


def test_a_choice_in_a_link_brings_what_it_fills(page: Page, server: SiteServer) -> None:
    """The link has the chosen device's memory and speed, too; another choice refills them."""
    slug = "hardware-fit"
    page.goto(f"{server.url}calculators/{slug}/")
    change(page, "hardware", "rtx-4090")
    link = page.evaluate(
        "new URLSearchParams([...document.querySelectorAll('rk-calculator form [name]')].map((e) => [e.name, e.value]))"
        ".toString()"
    )
    page.goto(f"{server.url}calculators/{slug}/?hardware=rtx-4090&v=00000000&{link.replace('hardware=rtx-4090&', '')}")
    page.wait_for_function("window.rkResults === 1")
    expect(calculator(page).locator("[data-moved]")).to_be_hidden()
    assert_answer(page, "hardware=rtx-4090", slug=slug)
    change(page, "hardware", "rtx-3090")
    assert_answer(page, "hardware=rtx-3090", slug=slug)


def test_without_leave_to_use_the_clipboard_the_link_is_shown(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    calculator(page).get_by_role("button", name="Copy link").click()
    field = calculator(page).get_by_label("Link to these numbers")
    expect(field).to_be_focused()
    assert field.input_value().startswith(f"{server.url}{PATH}?v=")
    assert field.evaluate("(e) => e.selectionEnd - e.selectionStart") == len(field.input_value())
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")
