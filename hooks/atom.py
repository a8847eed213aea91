"""Atom (RFC 4287) as text: what every feed of the site is written with."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hooks.feed_rules import ATOM


def root() -> ET.Element:
    """An empty feed."""
    return ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})


def add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    """A further element below `parent`."""
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element


def moment(day: str) -> str:
    """The beginning of a day, YYYY-MM-DD, as feeds write it."""
    return f"{day}T00:00:00Z"


def written(feed: ET.Element) -> str:
    """The file's text."""
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'
