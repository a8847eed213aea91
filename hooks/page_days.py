"""The day of each page: when what it says was last true or read again.

MkDocs writes the day of the build into the sitemap, which would make two builds of the same files differ and tells
search engines that everything has changed. A page without a day of its own gets none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog import Catalog, Subject
from hooks.build import BuildState, state_of
from hooks.catalog_pages import index_uri, kind_uri, subject_uri
from hooks.claims import URI as CLAIMS
from hooks.publications import by_tag, by_topic, publications
from hooks.tags import INDEX as TAGS
from hooks.tags import tag_uri, topic_uri

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_KEY = "reckoner_days"


def page_days(state: BuildState) -> dict[str, str]:
    """The day of each page that has one, by path below docs/."""
    found = publications(state)
    days = {one.uri: one.updated for one in found}
    days |= {tag_uri(tag): listed[0].updated for tag, listed in by_tag(found).items()}
    days |= {topic_uri(topic): listed[0].updated for topic, listed in by_topic(found).items()}
    if found:
        days |= dict.fromkeys((TAGS, "research/index.md", "feeds.md"), found[0].updated)
    posts = [one.updated for one in found if one.is_post]
    if posts:
        days["posts/index.md"] = posts[0]
    if claims := [days[one.claim.uri] for one in state.claims if one.claim.uri in days]:
        days[CLAIMS] = max(claims)
    return {**days, **_catalog_days(state.catalog)}


def _catalog_days(catalog: Catalog) -> dict[str, str]:
    days: dict[str, str] = {}
    for subject in catalog.subjects.values():
        day = subject_day(subject)
        for uri in (subject_uri(subject.id), kind_uri(subject.kind), index_uri()):
            days[uri] = max(day, days.get(uri, ""))
    read = [source.accessed for source in catalog.sources.values()]
    return {**days, "sources.md": max(read)} if read else days


def subject_day(subject: Subject) -> str:
    """The day of the newest statement about a subject, or of the newest correction; "" without any."""
    stated = (claim.as_of for value in subject.values.values() for claim in value.stated())
    replaced = (former.replaced for value in subject.values.values() for former in value.earlier)
    return max((*stated, *replaced), default="")


def days_of(config: MkDocsConfig) -> dict[str, str]:
    """The days of a build's pages, by path below docs/."""
    found: dict[str, str] = config.extra[_KEY]
    return found


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    config.extra[_KEY] = {} if state.is_check else page_days(state)
    return files


def on_env(env: object, *, config: MkDocsConfig, files: Files) -> None:
    days = days_of(config)
    if not days:
        return
    for file in files.documentation_pages():
        if file.page:
            file.page.update_date = days.get(file.src_uri, "")
