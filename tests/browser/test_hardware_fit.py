"""hardware-fit in the browser: choices that fill the form, what does not fit, and devices that are not there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.widget import assert_answer, calculator, change
from tests.site_server import SiteServer

SLUG = "hardware-fit"
PATH = f"calculators/{SLUG}/"


def test_a_device_fills_what_the_reader_has_not_touched(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    widget = calculator(page)
    change(page, "hardware", "rtx-4090")
    assert_answer(page, "hardware=rtx-4090", slug=SLUG)
    expect(widget.locator("[name=memory_gb]")).to_have_value("24")
    expect(widget.locator("[name=hardware_class]")).to_have_value("nvidia-consumer")
    expect(widget.locator("[data-field=hardware] [data-fills]")).to_contain_text(
        "Memory 24 GB · Memory bandwidth 1,008 GB/s"
    )
    expect(widget.locator("[data-origin-for=bandwidth_gbs] a")).to_have_attribute("href", re.compile(r"sources/#[a-z]"))
    expect(widget.locator("[data-verdict]")).to_have_text("Does not fit")
    expect(widget.locator("[data-notes]")).to_contain_text("2 such devices hold it.")
    change(page, "memory_gb", "96")
    change(page, "hardware", "rtx-3090")
    assert_answer(page, "memory_gb=96", "hardware=rtx-3090", slug=SLUG)
    expect(widget.locator("[name=memory_gb]")).to_have_value("96")
    expect(widget.locator("[name=bandwidth_gbs]")).to_have_value("936.2")


def test_a_model_brings_its_quantization(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH)
    change(page, "model", "gpt-oss-120b")
    assert_answer(page, "model=gpt-oss-120b", slug=SLUG)
    expect(calculator(page).locator("[name=quantization]")).to_have_value("mxfp4")
    expect(calculator(page).locator("[name=experts]")).to_have_value("128")


def test_a_device_that_the_catalog_does_not_have(page: Page, server: SiteServer) -> None:
    page.goto(server.url + PATH + "?hardware=rtx-409&context_tokens=0")
    widget = calculator(page)
    expect(widget.locator("[data-error-for=hardware]")).to_contain_text('did you mean "rtx-4090"?')
    expect(widget.locator("[data-error-for=context_tokens]")).to_contain_text("Context, filled is 0, out of range")
    expect(widget.locator("[name=context_tokens]")).to_have_value("0")


def test_a_device_page_leads_to_its_answer(page: Page, server: SiteServer) -> None:
    page.goto(server.url + "catalog/hardware/ryzen-ai-max-395/")
    page.get_by_role("link", name="Hardware fit").first.click()
    expect(page).to_have_url(re.compile(r"/calculators/hardware-fit/\?hardware=ryzen-ai-max-395$"))
    assert_answer(page, "hardware=ryzen-ai-max-395", slug=SLUG)
