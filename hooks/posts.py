"""Posts: essays with a day on which they appeared, and dated follow-ups that say what came of them.

A post is one file, `docs/posts/<slug>.md`. The shape of its front matter is `catalog/schema/post.schema.json`. A
follow-up is added at the end and never edited:

    - **P1.** By the end of 2027 half of the cards are idle.      a prediction, among others, anywhere above

    ## Follow-ups

    ### 2026-11-21: first half-year

    P1 has not come true yet: ...
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from catalog import Catalog
from catalog.loader import is_date
from catalog.prose import without_code
from hooks.build import BuildState, state_of
from hooks.entries import Entry, all_facts, describe, read_front_matter, reference_problems, tag_links, with_byline

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FOLDER = "posts"
INDEX = f"{FOLDER}/index.md"
FOLLOW_UPS = "Follow-ups"
_ABOUT = "Essays with a judgement in them, each with follow-ups that say what came of it."
_SECTION = re.compile(r"##\s+(.+?)\s*#*\s*$")
_SUBSECTION = re.compile(r"###\s+(.+?)\s*#*\s*$")
_FOLLOW_UP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}): (\S.*)")
_PREDICTION = re.compile(r"(\s*(?:[-*+]|\d+\.)\s+)\*\*(P[1-9][0-9]?)\.\*\*")
_MARK = re.compile(r"\bP[1-9][0-9]?\b(?![-.]\d)")
_MARK_OR_LINK = re.compile(rf"\[[^\]]*\]\([^)]*\)|({_MARK.pattern})")
_FORM = "### YYYY-MM-DD: what came of it"


@dataclass(frozen=True)
class FollowUp:
    """What came of a post, on a later day."""

    day: str
    title: str


@dataclass(frozen=True)
class Post:
    """What other pages need to know of a post."""

    uri: str
    """Path below docs/."""
    title: str
    summary: str
    tags: tuple[str, ...]
    published: str
    updated: str
    """The day of the newest follow-up, or `published`."""
    sources: tuple[str, ...]
    facts: tuple[str, ...] = ()
    """Those that it declares and those that its text refers to."""
    calculators: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    """Oldest first."""


def read_post(text: str, uri: str, catalog: Catalog, calculators: Iterable[str]) -> tuple[Post | None, list[str]]:
    """A post, and everything that is wrong with it as `file:line field: problem` (then no post)."""
    document, head, problems = read_front_matter(text, uri, "post")
    if not head:
        return None, problems
    if uri.count("/") != 1:
        problems.append(f"docs/{uri}:1: a post in a folder of its own; expected docs/posts/<slug>.md; move the file")
    lines = without_code(text)
    published = document.data["published"] if document else ""
    follow_ups, wrong = _follow_ups(lines, published)
    wrong += _prediction_problems(lines)
    problems += [f"docs/{uri}:{line}: {message}" for line, message in sorted(wrong)]
    if document:
        problems += reference_problems(document, catalog, calculators)
    if problems or document is None:
        return None, problems
    data = document.data
    post = Post(
        uri=uri,
        title=data["title"],
        summary=data["summary"],
        tags=tuple(data["tags"]),
        published=published,
        updated=follow_ups[-1].day if follow_ups else published,
        sources=tuple(data["sources"]),
        facts=all_facts(document, text),
        calculators=tuple(data["calculators"]),
        follow_ups=tuple(follow_ups),
    )
    return post, []


def _first_follow_up_line(lines: Sequence[str]) -> int:
    """The index of the heading above the follow-ups; the number of lines where there is none."""
    for index, line in enumerate(lines):
        heading = _SECTION.match(line)
        if heading and heading.group(1) == FOLLOW_UPS:
            return index
    return len(lines)


def _follow_ups(lines: Sequence[str], published: str) -> tuple[list[FollowUp], list[tuple[int, str]]]:
    """The follow-ups of a post without code, and what is wrong with them: line and message."""
    found: list[FollowUp] = []
    wrong = []
    newest = published
    start = _first_follow_up_line(lines)
    for number, line in enumerate(lines[start + 1 :], start=start + 2):
        if section := _SECTION.match(line):
            message = f'"{section.group(1)}" stands after {FOLLOW_UPS}, which come last; move it above them'
            wrong.append((number, message))
            break
        heading = _SUBSECTION.match(line)
        if not heading:
            continue
        written = _FOLLOW_UP.fullmatch(heading.group(1))
        if not written or not is_date(written.group(1)):
            wrong.append((number, f'"{heading.group(1)}" is no follow-up; expected "{_FORM}"; write it so'))
            continue
        day, title = written.groups()
        if newest and (day < newest or (found and day == newest)):
            before = f"the follow-up of {newest}" if found else f"the post itself, published {newest}"
            message = f'"{day}" is not later than {before}; expected the oldest first, one for a day; add new ones last'
            wrong.append((number, message))
        newest = max(newest, day)
        found.append(FollowUp(day, title))
    if start < len(lines) and not found and not wrong:
        wrong.append((start + 1, f'no follow-up; expected "{_FORM}"; add one or remove the heading'))
    return found, wrong


def _prediction_problems(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Predictions with the same mark, and marks in follow-ups that no prediction has: line and message."""
    wrong = []
    known: dict[str, int] = {}
    start = _first_follow_up_line(lines)
    for number, line in enumerate(lines[:start], start=1):
        if written := _PREDICTION.match(line):
            mark = written.group(2)
            if mark in known:
                wrong.append((number, f"{mark} stands in line {known[mark]} already; expected each once; count on"))
            known.setdefault(mark, number)
    for number, line in enumerate(lines[start:], start=start + 1) if known else ():
        for mark in dict.fromkeys(_MARK.findall(line)):
            if mark not in known:
                wrong.append((number, f"no prediction {mark}; expected one of {', '.join(known)}; mend it"))
    return wrong


def with_marks(markdown: str) -> str:
    """A post in which each prediction can be linked to, and follow-ups link to the predictions that they name."""
    lines = markdown.splitlines()
    prose = without_code(markdown)
    start = _first_follow_up_line(prose)
    known: set[str] = set()
    for index, line in enumerate(prose[:start]):
        if written := _PREDICTION.match(line):
            known.add(written.group(2))
            end = written.end()
            lines[index] = f"{lines[index][:end]}{{ #{written.group(2).lower()} }}{lines[index][end:]}"
    for index, line in enumerate(prose[start:] if known else (), start=start):
        if not line.startswith("#"):
            for mark in reversed(list(_MARK_OR_LINK.finditer(line))):  # from the end, so that places stay
                if name := mark.group(1):
                    link = f"[{name}](#{name.lower()})" if name in known else name
                    lines[index] = f"{lines[index][: mark.start()]}{link}{lines[index][mark.end() :]}"
    return "\n".join(lines) + ("\n" if markdown.endswith("\n") else "")


def newest_first(posts: Iterable[Post]) -> list[Post]:
    """By the day on which they appeared, those of one day by title."""
    return sorted(posts, key=lambda post: (-datetime.date.fromisoformat(post.published).toordinal(), post.title))


def index_markdown(posts: Iterable[Post]) -> str:
    """The page that lists all posts."""
    lines = ["---", f"description: {_ABOUT}", "---", "", "# Posts", "", _ABOUT, ""]
    for post in newest_first(posts):
        lines += [f"[{post.title}]({post.uri.removeprefix(f'{FOLDER}/')})", f":   {post.summary}", ""]
        lines += [f"    {_dates(post)}", "    { .rk-byline }", ""]
    return "\n".join(lines)


def _dates(post: Post) -> str:
    dates = f"Published {post.published}"
    return f"{dates}, last follow-up {post.updated}" if post.follow_ups else dates


def byline(post: Post) -> str:
    """What stands below the title, besides the summary."""
    count = len(post.sources)
    return f"{_dates(post)} · {count} source{'s' if count != 1 else ''}"


Piece = Entry | Post
"""What the research section and the posts consist of."""


def pieces_of(state: BuildState) -> list[Piece]:
    """All entries and posts."""
    return [*state.entries.values(), *state.posts.values()]


def is_post(uri: str) -> bool:
    """Whether a page below docs/ is a post."""
    return uri.startswith(f"{FOLDER}/") and uri.endswith(".md") and uri != INDEX


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    state = state_of(config)
    posts = {}
    for file in files.documentation_pages():
        if is_post(file.src_uri):
            post, problems = read_post(file.content_string, file.src_uri, state.catalog, state.answers.slugs())
            state.problems += problems
            if post:
                posts[file.src_uri] = post
    state.posts = posts
    if posts:
        files.append(File.generated(config, INDEX, content=index_markdown(posts.values())))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    post = state_of(config).posts.get(page.file.src_uri)
    if post is None:
        return markdown
    describe(page, post.summary)
    return with_byline(with_marks(markdown), post.summary, byline(post), tag_links(post.tags, post.uri))
