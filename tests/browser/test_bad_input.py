"""What cannot be used is said at its field; the last good answer stays and is marked as not matching."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget import (
    PATH,
    STALE,
    assert_answer,
    calculator,
    change,
    control,
    error_at,
    read,
    refusal,
    type_in,
    uncover,
)
from tests.site_server import SiteServer

WRONG: list[tuple[str, str]] = [
    ("rate_pct", ""),
    ("rate_pct", "   "),
    ("rate_pct", "abc"),
    ("rate_pct", "6,5"),
    ("rate_pct", "６.５"),
    ("rate_pct", "٦"),
    ("rate_pct", "NaN"),
    ("rate_pct", "Infinity"),
    ("rate_pct", "-Infinity"),
    ("rate_pct", "1e400"),
    ("rate_pct", "-1"),
    ("rate_pct", "1000.01"),
    ("rate_pct", "6.5.5"),
    ("rate_pct", "0x10"),
    ("rate_pct", "=1+1"),
    ("rate_pct", "<img src=x onerror=alert(1)>"),
    ("rate_pct", "7" * 5000),
    ("balance_usd", "0"),
    ("balance_usd", "99999999999999999999"),
    ("term_months", "300.5"),
    ("term_months", "0"),
    ("return_pct", "-101"),
]


def test_every_wrong_value_is_said_and_nothing_is_lost(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "extra_monthly_usd", "500")
    good = read(page)
    tried = 0
    for name, value in WRONG:
        fine = control(page, name).input_value()
        type_in(page, name, value)
        expect(error_at(page, name)).to_have_text(refusal(f"{name}={value}", "extra_monthly_usd=500"))
        expect(error_at(page, name)).to_be_visible()
        assert len(error_at(page, name).inner_text()) < 300
        assert control(page, name).input_value() == value, "what was typed stays"
        expect(control(page, name)).to_have_attribute("aria-invalid", "true")
        expect(calculator(page)).to_have_attribute("data-stale", "")
        expect(calculator(page).locator("[data-stale-note]")).to_be_visible()
        expect(calculator(page).locator("[data-stale-note]")).to_contain_text(STALE)
        assert read(page) == good, "the last good answer stays"
        # Mended, it is answered and everything that spoke of the mistake is gone.
        change(page, name, fine)
        expect(error_at(page, name)).to_be_hidden()
        expect(control(page, name)).not_to_have_attribute("aria-invalid", "true")
        expect(calculator(page).locator("[data-stale-note]")).to_be_hidden()
        tried += 1
    assert tried == 22
    assert_answer(page, "extra_monthly_usd=500")


def test_several_wrong_values_are_each_said_at_their_field(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    wrong = {"rate_pct": "abc", "return_pct": "6,5", "inflation_pct": "NaN"}
    for name, value in wrong.items():
        type_in(page, name, value)
    for name, value in wrong.items():
        expect(error_at(page, name)).to_have_text(refusal(f"{name}={value}"))
    type_in(page, "return_pct", "7")
    expect(error_at(page, "return_pct")).to_be_hidden()
    for name in ("rate_pct", "inflation_pct"):
        expect(error_at(page, name)).to_be_visible()
        expect(control(page, name)).to_have_attribute("aria-invalid", "true")
    expect(calculator(page)).to_have_attribute("data-stale", "")


@pytest.mark.parametrize(
    ("inputs", "said_at"),
    [
        ({"payment_usd": "1000"}, "payment_usd"),  # less than the interest
        ({"payment_usd": "1625.01"}, "payment_usd"),  # takes longer than the longest term
    ],
)
def test_a_loan_that_never_ends_is_said(inputs: dict[str, str], said_at: str, page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    for name, value in inputs.items():
        type_in(page, name, value)
    expect(error_at(page, said_at)).to_have_text(refusal(*(f"{name}={value}" for name, value in inputs.items())))
    expect(calculator(page)).to_have_attribute("data-stale", "")


def test_a_message_in_a_closed_group_opens_it(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    field = uncover(page, "inflation_pct")
    group = field.locator("xpath=ancestor::details[1]")
    field.fill("x")
    group.locator("summary").first.click()  # leaves the field and closes the group at once
    expect(error_at(page, "inflation_pct")).to_be_visible()
