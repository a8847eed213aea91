"""The peers: pages that do the same mortgage calculation with PyScript, on Pyodide and on MicroPython.

They get what our own small engine gets: the same stripped sources of this one calculator, its facts and the
question that our page asks first (the figures, without the rows of tables), in one archive. Everything comes from
the peers' own server, by PyScript's own means: its `files` and `interpreter` settings. Their best, as far as was
found:

* On the main thread, which is PyScript's faster way to a first answer: in a worker it also needs a channel back to
  the page (and headers for shared memory), which costs another 0.1 to 0.4 s.
* Without PyScript's plugins, none of which the page uses.
* The archive in the form that each interpreter unpacks fastest: .zip in Pyodide; .tar.gz in MicroPython, where
  a .zip takes 50 KB of JavaScript more.
* Hints to the browser to load at once what PyScript asks for one after the other.

PyScript starts when the page loads. To compare it with an engine that starts at the first touch, a second form of
each page puts the very same tags into the document at the first pointer-down.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from string import Template

from calculators import registry
from calculators.core.run import run
from hooks.calculator_sources import needed_by, sources, stripped
from tests.calculators.helpers import bundle
from tests.site_build import ROOT

HERE = Path(__file__).parent
METRIC = "difference_usd"
_PYSCRIPT = HERE / "node_modules" / "@pyscript" / "core" / "dist"
_PLUGINS = ("codemirror", "deprecations-manager", "donkey", "error", "py-editor", "py-game", "py-terminal")


@dataclass(frozen=True)
class Peer:
    """One of them.

    Attributes:
        tag: PyScript's name of the interpreter, the type of its scripts.
        folder: where npm has put the interpreter.
        module, others: the file that PyScript imports, and what that asks for.
        archive: name of the file with the calculator.
    """

    name: str
    tag: str
    folder: Path
    module: str
    others: tuple[str, ...]
    archive: str


PEERS = (
    Peer(
        "PyScript/Pyodide",
        "py",
        ROOT / "node_modules" / "pyodide",
        "pyodide.mjs",
        ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"),
        "calculator.zip",
    ),
    Peer(
        "PyScript/MicroPython",
        "mpy",
        ROOT / "node_modules" / "@micropython" / "micropython-webassembly-pyscript",
        "micropython.mjs",
        ("micropython.wasm",),
        "calculator.tar.gz",
    ),
)


def pyscript_version() -> str:
    """The release of PyScript that is installed."""
    version: str = json.loads((_PYSCRIPT.parent / "package.json").read_text("utf-8"))["version"]
    return version


def write(folder: Path, slug: str) -> None:
    """The peers' pages with all that they load, for a server: `TAG-load.html` and `TAG-touch.html`."""
    scripts = {path.name: path.read_bytes() for path in sorted(_PYSCRIPT.glob("*.js"))}
    _write(folder / "pyscript", scripts)
    texts = sources(ROOT)
    paths = [path for path in texts if path.startswith("calculators/core/") or path.count("/") == 1]
    others = {path for one in registry.SLUGS for path in needed_by(one, texts)} - set(needed_by(slug, texts))
    packed = {path: stripped(texts[path]) for path in paths if path not in others}
    facts = json.dumps(bundle(slug), ensure_ascii=False)
    packed["page.json"] = json.dumps({"calculator": slug, "facts": facts, "tables": []})
    built = run(registry.load(slug), {}, bundle(slug), [])["metrics"][METRIC]["text"]
    for peer in PEERS:
        files = {name: (peer.folder / name).read_bytes() for name in (peer.module, *peer.others)}
        files[peer.archive] = _zip(packed) if peer.archive.endswith(".zip") else _tar_gz(packed)
        _write(folder / peer.tag, files)
        for start in ("load", "touch"):
            (folder / f"{peer.tag}-{start}.html").write_text(_page(peer, start, built), encoding="utf-8")


def _page(peer: Peer, start: str, built: str) -> str:
    plugins = [f"!{name}" for name in _PLUGINS]
    config = {
        "interpreter": f"./{peer.tag}/{peer.module}",
        "files": {f"./{peer.tag}/{peer.archive}": "./*"},
        "plugins": plugins,
    }
    head = "\n".join([*_hints(peer), '<script type="module" src="./pyscript/core.js"></script>'])
    if start == "touch":
        head = _AT_TOUCH.substitute(tags=json.dumps(head).replace("</", "<\\/"))
    return Template((HERE / "peers" / "page.html").read_text("utf-8")).substitute(
        title=peer.name,
        head=head,
        # Before an answer the figure is the built one where the interpreter waits for the reader, as on our page.
        built=built if start == "touch" else "...",
        tag=peer.tag,
        config=json.dumps(config),
        # Without this, the plugins of the interpreter that the page does not use would be loaded, too.
        other_tag=next(one.tag for one in PEERS if one is not peer),
        other_config=json.dumps({"plugins": plugins}),
    )


# A fragment made from text is parsed, but its scripts do not run: each is made anew.
_AT_TOUCH = Template("""<script>
  addEventListener("pointerdown", () => {
    for (const tag of document.createRange().createContextualFragment($tags).children) {
      document.head.append(tag.cloneNode(true));
    }
  }, { once: true });
</script>""")


def _hints(peer: Peer) -> list[str]:
    core = re.search(r'from"\./(core-[\w-]+\.js)"', (_PYSCRIPT / "core.js").read_text("utf-8"))
    assert core, "PyScript's core.js is made in another way now"
    modules = [
        f"pyscript/{core[1]}",
        *(f"{peer.tag}/{name}" for name in (peer.module, *peer.others) if name.endswith(".mjs")),
    ]
    fetched = [f"{peer.tag}/{name}" for name in (*peer.others, peer.archive) if not name.endswith(".mjs")]
    return [f'<link rel="modulepreload" href="./{path}" />' for path in modules] + [
        f'<link rel="preload" as="fetch" crossorigin href="./{path}" />' for path in fetched
    ]


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _zip(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _tar_gz(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()
