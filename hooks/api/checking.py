"""Every JSON file is held against the schema that is published for it; the build stops where one does not fit.

The files in schema/ name the keys of each shape. That all of them are always there, and no others, holds for every
shape, so it is added here and not written out in each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from catalog.loader import show_path
from hooks.api.addresses import Site, schema_address

if TYPE_CHECKING:
    from hooks.api.files import Document

_FOLDER = Path(__file__).parent / "schema"
_MOST_PROBLEMS = 20


class ShapeError(Exception):
    """Files that do not fit their schemas: `file field: what is wrong`, a line each."""


class Schemas:
    """The schemas as they are published for a site, ready to check with.

    Attributes:
        published: the schemas by name.
    """

    def __init__(self, site: Site) -> None:
        self.published: dict[str, dict[str, Any]] = {}
        for path in sorted(_FOLDER.glob("*.json")):
            written = json.loads(path.read_text(encoding="utf-8"))
            own = {"$schema": written.pop("$schema"), "$id": site.absolute(schema_address(path.stem))}
            self.published[path.stem] = {**own, **_closed(written)}
        registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in self.published.values()])
        self._validators = {
            # Offline: a reference to any other address would be fetched otherwise.
            name: jsonschema_rs.validator_for(schema, registry=registry, offline=True)
            for name, schema in self.published.items()
        }

    @property
    def names(self) -> list[str]:
        return list(self.published)

    def check(self, documents: Iterable[Document]) -> None:
        """Raises ShapeError with the first problems."""
        problems: list[str] = []
        for document in documents:
            for error in self._validators[document.schema].iter_errors(document.data):
                problems.append(f"{document.address} {show_path(tuple(error.instance_path))}: {error.message}")
                if len(problems) == _MOST_PROBLEMS:
                    raise ShapeError("\n".join(problems))
        if problems:
            raise ShapeError("\n".join(problems))


def _closed(schema: Any) -> Any:
    """A schema whose objects have all of their keys and no others."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    # What is called "properties" inside of such a mapping is the name of a key and has no type.
    if "properties" in closed and "object" in closed.get("type", ()):
        closed |= {"required": list(closed["properties"]), "additionalProperties": False}
    return closed
