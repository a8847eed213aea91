"""The address holds the reader's changes, and whatever else stands in it does no harm."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.widget import (
    PATH,
    assert_answer,
    assert_built,
    calculator,
    change,
    control,
    error_at,
    expected,
    read,
    refusal,
)
from tests.site_server import SiteServer


def test_changes_stand_in_the_address_and_come_back(page: Page, server: SiteServer, open_context: OpenContext) -> None:
    page.goto(server.url + PATH)
    length = page.evaluate("history.length")
    change(page, "rate_pct", "7")
    assert page.url == f"{server.url}{PATH}?rate_pct=7"
    change(page, "compounding", "annual")
    assert page.url == f"{server.url}{PATH}?rate_pct=7&compounding=annual"
    assert page.evaluate("history.length") == length, "changes are no steps of the history"
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
