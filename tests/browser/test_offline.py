"""Without a network, and after an update: what was visited works, and everything on a page is of one build."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Response, expect

from hooks.offline import switched_off
from tests.browser.conftest import Guard, OpenContext
from tests.browser.widget import PATH, answered, assert_answer, calculator, change, expected, read, type_in
from tests.site_build import ROOT, build_site, source_tree
from tests.site_server import Rule, SiteServer

NO_NETWORK = r"Failed to load resource|ERR_(INTERNET_DISCONNECTED|FAILED|EMPTY_RESPONSE)|Failed to fetch"
OFFLINE_TITLE = "This page needs a network"
SECOND = "Second edition: "


class Host(SiteServer):
    """A host that can go away, with all its connections."""

    gone = False

    def rule(self, path: str) -> Rule | None:
        if self.gone:
            raise ConnectionAbortedError
        return super().rule(path)

    def publish(self, built: Path, built_for: str) -> None:
        """Puts a built site in place of the one that is there, as if it had been built for this address."""
        assert self.folder
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(built, self.folder)
        changed = 0
        for file in [*self.folder.rglob("*.html"), self.folder / "sitemap.xml"]:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(built_for, self.url), encoding="utf-8")
            changed += built_for in text
        assert changed >= 5


MakeHost = Callable[..., Host]


@pytest.fixture
def make_host(server: SiteServer, guard: Guard, tmp_path: Path) -> Iterator[MakeHost]:
    """Makes a host of the real site at a path."""
    hosts: list[Host] = []

    def make(base: str = "/reckoner/") -> Host:
        host = Host(tmp_path / f"host-{len(hosts)}", base)
        hosts.append(host)
        guard.origins.add(host.origin)
        assert server.folder
        host.publish(server.folder, server.url)
        return host

    yield make
    for host in hosts:
        host.close()


@pytest.fixture
def host(make_host: MakeHost) -> Host:
    """The site under a path, as a project has it."""
    return make_host()


@pytest.fixture(scope="module")
def second_edition(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A later build: a calculator's words have changed, in the page and in Python. With the address it is for."""
    folder = tmp_path_factory.mktemp("second")
    tree = source_tree(folder / "tree", {})
    (tree / "calculators").unlink()
    shutil.copytree(ROOT / "calculators", tree / "calculators")
    source = tree / "calculators/mortgage_vs_invest.py"
    text = source.read_text(encoding="utf-8")
    assert text.count("report.headline = _headline(") == 1
    source.write_text(text.replace("headline = _headline(", f'headline = "{SECOND}" + _headline('), encoding="utf-8")
    address = "http://127.0.0.1:1/reckoner/"
    return build_site(folder / "site", address, tree), address


def build_of(page: Page) -> str:
    """The build that the page says it is of."""
    return page.locator("meta[name=rk-build]").get_attribute("content") or ""


def wait_until(page: Page, script: str, argument: object = None) -> None:
    """Waits until an asynchronous function says true; Playwright's own waiting takes its promise for that."""
    deadline = time.monotonic() + 30
    while not page.evaluate(script, argument):
        assert time.monotonic() < deadline, f"not so after 30 s: {script}"
        page.wait_for_timeout(100)


def wait_kept(page: Page, address: str, builds: int = 1) -> None:
    """Waits until the active worker, and those of so many builds in all, have kept a page."""
    wait_until(
        page,
        """async ([address, wanted]) => {
          const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration()) ?? {};
          let found = 0;
          for (const name of await caches.keys()) found += Boolean(await (await caches.open(name)).match(address));
          return found >= wanted && active?.state === "activated" && !waiting && !installing;
        }""",
        [address, builds],
    )


def is_kept(page: Page, address: str) -> bool:
    kept: bool = page.evaluate("async (address) => Boolean(await caches.match(address))", address)
    return kept


def visit(page: Page, host: Host, path: str = PATH) -> None:
    """A visit with a change, after which the calculator is kept; the page then has the worker."""
    page.goto(host.url + path)
    change(page, "rate_pct", "7")
    wait_kept(page, host.url + path)
    page.goto(host.url + path)
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")


def go_offline(page: Page, host: Host, guard: Guard) -> None:
    guard.expect_errors(NO_NETWORK)
    host.gone = True
    page.context.set_offline(True)


def go_online(page: Page, host: Host) -> None:
    host.gone = False
    page.context.set_offline(False)


def look_for_update(page: Page) -> None:
    """What browsers do by themselves some time after a navigation."""
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")


@pytest.mark.parametrize("base", ["/", "/reckoner/"])
def test_a_used_calculator_works_offline(base: str, make_host: MakeHost, page: Page, guard: Guard) -> None:
    host = make_host(base)
    page.goto(host.url + PATH)
    change(page, "rate_pct", "7")
    wait_kept(page, host.url + PATH)
    go_offline(page, host, guard)
    page.reload()
    expect(calculator(page)).to_have_attribute("data-engine", "micropython")  # the address has rate_pct=7
    assert_answer(page, "rate_pct=7")
    change(page, "extra_monthly_usd", "450")
    assert_answer(page, "rate_pct=7", "extra_monthly_usd=450")
    # Another tab, and back on the network.
    other = page.context.new_page()
    other.goto(f"{host.url}{PATH}?rate_pct=5#method")
    assert_answer(other, "rate_pct=5")
    go_online(page, host)
    page.reload()
    assert_answer(page, "rate_pct=7", "extra_monthly_usd=450")


def test_a_calculator_that_was_looked_at_works_offline(host: Host, open_context: OpenContext, guard: Guard) -> None:
    page = open_context(saves_data=False).new_page()
    page.clock.install()
    page.goto(host.url + PATH, wait_until="networkidle")
    page.clock.fast_forward(28_000)
    page.wait_for_timeout(300)
    assert host.sent_paths("service-worker|micropython") == [], "nothing competes with the page"
    page.clock.fast_forward(4_000)
    wait_kept(page, host.url + PATH)
    assert host.sent_paths("pyodide") == [], "the full engine only for those who have it already"
    go_offline(page, host, guard)
    page.reload()
    change(page, "rate_pct", "7")
    assert_answer(page, "rate_pct=7")


def test_a_reader_who_saves_data_keeps_what_was_used(host: Host, page: Page) -> None:
    page.clock.install()
    page.goto(host.url + PATH, wait_until="networkidle")
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(500)
    assert host.sent_paths("service-worker") == []
    change(page, "rate_pct", "7")
    page.clock.fast_forward(4_000)
    wait_kept(page, host.url + PATH)


def test_a_page_that_is_not_kept_says_which_are(host: Host, page: Page, guard: Guard) -> None:
    visit(page, host)
    go_offline(page, host, guard)
    page.goto(f"{host.url}calculators/hardware-fit/")
    expect(page.locator("h1")).to_have_text(OFFLINE_TITLE)
    page.locator("li a").click()
    page.wait_for_url(host.url + PATH)
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")
    # Material fetches the next page by itself and leaves it to the browser when that fails.
    page.goto(f"{host.url}calculators/hardware-fit/")
    go_online(page, host)
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("rk-calculator")).to_have_count(1)
    assert page.url == f"{host.url}calculators/hardware-fit/"


def test_a_network_that_does_not_answer(host: Host, page: Page) -> None:
    visit(page, host)
    host.rules = [Rule(f"^{PATH}$", hold=threading.Event())]
    page.reload(wait_until="commit")
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")


def test_an_update_with_an_old_tab_open(host: Host, page: Page, guard: Guard, second_edition: tuple[Path, str]) -> None:
    visit(page, host)
    first = build_of(page)
    old = read(page).headline
    host.publish(*second_edition)
    host.sent.clear()

    new = page.context.new_page()
    new.goto(host.url + PATH)
    assert build_of(new) != first
    assert read(new).headline == SECOND + old
    change(new, "rate_pct", "6")
    assert read(new).headline == SECOND + expected("mortgage-vs-invest", "rate_pct=6").headline
    look_for_update(new)
    wait_kept(new, host.url + PATH, builds=2)

    # The old tab, whose files the host has no more, has yet to start its engine.
    assert build_of(page) == first
    change(page, "rate_pct", "5")
    assert_answer(page, "rate_pct=5")
    assert [sent.path for sent in host.sent if sent.status >= 400] == []

    go_offline(page, host, guard)
    for tab in (new, page):
        tab.goto(host.url + PATH)
        assert build_of(tab) not in ("", first)
        assert read(tab).headline == SECOND + old
        change(tab, "rate_pct", "4")
        assert read(tab).headline == SECOND + expected("mortgage-vs-invest", "rate_pct=4").headline


def test_instant_navigation_into_a_newer_build_loads_it_whole(
    host: Host, page: Page, second_edition: tuple[Path, str]
) -> None:
    page.goto(f"{host.url}calculators/", wait_until="networkidle")
    page.evaluate("window.sameVisit = true")
    first = build_of(page)
    page.locator("article a[href*='hardware-fit']").first.click()
    page.wait_for_url("**/calculators/hardware-fit/")
    assert page.evaluate("window.sameVisit") is True
    host.publish(*second_edition)
    page.locator(".md-tabs").get_by_role("link", name="Calculators").click()
    page.wait_for_function("!window.sameVisit && document.readyState === 'complete'")
    assert page.url == f"{host.url}calculators/"
    assert build_of(page) != first
    page.locator("article a[href*='mortgage-vs-invest']").first.click()
    page.wait_for_url(host.url + PATH)
    change(page, "rate_pct", "7")
    assert read(page).headline == SECOND + expected("mortgage-vs-invest", "rate_pct=7").headline


def test_half_an_update_leaves_what_was_kept(
    host: Host, page: Page, guard: Guard, second_edition: tuple[Path, str]
) -> None:
    visit(page, host)
    first = build_of(page)
    assert host.folder
    shutil.copy(second_edition[0] / "service-worker.js", host.folder)
    look_for_update(page)
    wait_until(page, "async () => !(await navigator.serviceWorker.getRegistration()).installing")
    page.wait_for_timeout(500)
    go_offline(page, host, guard)
    page.reload()
    assert build_of(page) == first
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")


def test_a_preview_below_the_site_is_left_alone(
    host: Host, page: Page, guard: Guard, second_edition: tuple[Path, str]
) -> None:
    visit(page, host)
    assert host.folder
    preview = f"{host.url}pr-12/{PATH}"
    shutil.copytree(second_edition[0], host.folder / "pr-12")
    served: list[bool] = []

    def see(response: Response) -> None:
        if "/pr-12/" in response.url:  # and no latecomer of the page before
            served.append(response.from_service_worker)

    page.on("response", see)
    page.goto(preview, wait_until="networkidle")
    assert page.evaluate("navigator.serviceWorker.controller.scriptURL") == f"{host.url}service-worker.js"
    assert len(served) >= 10 and not any(served)
    go_offline(page, host, guard)
    with pytest.raises(Error, match="ERR_"):
        page.goto(f"{host.url}pr-12/calculators/")
    go_online(page, host)
    # It has a worker of its own, and neither takes the other's files.
    page.goto(preview)
    change(page, "rate_pct", "7")
    wait_kept(page, preview)
    go_offline(page, host, guard)
    headlines = []
    for address in (preview, host.url + PATH):
        page.goto(address)
        change(page, "rate_pct", "6")
        headlines.append(read(page).headline)
    words = expected("mortgage-vs-invest", "rate_pct=6").headline
    assert headlines == [SECOND + words, words]


def test_embeds_other_methods_and_parts_of_files_are_left_alone(host: Host, page: Page, guard: Guard) -> None:
    assert host.folder
    embed = host.folder / "embed/one/index.html"
    embed.parent.mkdir(parents=True)
    embed.write_text("<!doctype html><title>one</title><h1>One</h1>")
    visit(page, host)
    response = page.goto(f"{host.url}embed/one/")
    assert response and response.ok and not response.from_service_worker
    kept = page.evaluate("async () => (await (await caches.open((await caches.keys())[0])).keys())[0].url")
    fetched = "async ([url, options]) => (await fetch(url, options)).status"
    guard.expect_errors("501")
    assert page.evaluate(fetched, [kept, {"method": "POST"}]) == 501
    go_offline(page, host, guard)
    assert page.evaluate(fetched, [kept, {}]) == 200
    for options in ({"method": "POST"}, {"headers": {"Range": "bytes=0-3"}}):
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(fetched, [kept, options])
    with pytest.raises(Error, match="ERR_"):
        page.goto(f"{host.url}embed/one/")


def test_a_host_without_one_of_the_files(host: Host, page: Page) -> None:
    host.rules = [Rule("full-engine-worker.js$", status=404)]
    page.goto(host.url + PATH)
    change(page, "rate_pct", "7")
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    page.wait_for_timeout(1_000)
    assert host.sent_paths("full-engine-worker.js$")
    assert not is_kept(page, host.url + PATH), "a page is kept with all that it needs, or not at all"
    host.rules = []
    page.reload()
    change(page, "rate_pct", "6")
    wait_kept(page, host.url + PATH)


def test_a_cache_with_holes(host: Host, page: Page) -> None:
    visit(page, host)
    left = page.evaluate(
        """async () => {
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const { url } of await cache.keys()) if (url.includes("/assets/")) await cache.delete(url);
            await cache.put("kept-pages", new Response("not JSON"));
          }
          return (await caches.keys()).length;
        }"""
    )
    assert left == 1
    page.reload()
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")


@pytest.mark.parametrize("what", ["no file", "not a script", "not allowed", "no such thing"])
def test_without_a_worker_everything_else_works(what: str, host: Host, open_context: OpenContext, guard: Guard) -> None:
    guard.expect_errors("service-worker.js|bad HTTP response|MIME type|Content Security Policy")
    context = open_context()
    if what == "no file":
        host.rules = [Rule("^service-worker.js$", status=404)]
    elif what == "not a script":
        host.rules = [Rule("^service-worker.js$", content_type="text/html")]
    elif what == "not allowed":
        host.headers = {"Content-Security-Policy": f"worker-src {host.url}assets/"}
    else:
        context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = context.new_page()
    page.clock.install()
    page.goto(host.url + PATH)
    change(page, "rate_pct", "7")
    page.clock.fast_forward(4_000)
    page.wait_for_timeout(700)
    assert page.evaluate("navigator.serviceWorker?.getRegistrations().then((all) => all.length)") in (0, None)
    change(page, "rate_pct", "6")
    assert_answer(page, "rate_pct=6")


def test_switching_it_off_removes_everything(host: Host, page: Page) -> None:
    visit(page, host)
    assert host.folder
    # As a site is built with `offline: false`, and by `mkdocs serve`.
    (host.folder / "service-worker.js").write_text(switched_off())
    for file in host.folder.rglob("*.html"):
        file.write_text(file.read_text(encoding="utf-8").replace('name="rk-build"', 'name="x"'), encoding="utf-8")
    page.evaluate("caches.open('of another site')")
    page.reload()
    look_for_update(page)
    wait_until(page, "async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
    wait_until(page, "async () => (await caches.keys()).join() === 'of another site'")
    host.sent.clear()
    page.clock.install()
    page.goto(host.url + PATH)
    with answered(page):
        type_in(page, "rate_pct", "6")
    page.clock.fast_forward(20_000)
    page.wait_for_timeout(500)
    assert host.sent_paths("service-worker") == []
    assert_answer(page, "rate_pct=6")
