// Makes the full engine's standard library, inside the very Pyodide that will use it: only its own
// interpreter knows its bytecode. Started by full_engine.py as
//
//   node full_engine.mjs JOB.json
//
// 1. boots Pyodide as npm delivers it, runs every request of the job, and sees which modules that took;
// 2. packs those and the calculators, and compiles the archive with pyodide-build;
// 3. boots Pyodide again from nothing but that archive and demands the same answers.
//
// Standard output is one line of JSON; whatever goes wrong ends as a sentence on standard error.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Job
 * @property {string} pyodide the folder of the npm package
 * @property {string} lock the lock file that lists no packages, as JSON
 * @property {string} sitePackages where pyodide-build is installed
 * @property {string} sources the folder that holds the package `calculators`
 * @property {[string, string, string][]} requests calculator, request text, facts text
 * @property {string[]} optional modules that the standard library can do without
 * @property {number} compressionLevel of the archive, 0 for none
 * @property {string} output where the archive goes
 */

/** The modules that came out of the standard library's archive, as paths in it. Frozen ones are in the wasm. */
const LIST_MODULES = `
import sys, zipimport
archive = next(path for path in sys.path if path.endswith(".zip"))
sorted({
    module.__file__[len(archive) + 1:]
    for module in list(sys.modules.values())
    if isinstance(getattr(getattr(module, "__spec__", None), "loader", None), zipimport.zipimporter)
})
`;

const COMPILE = `
import os, sys, zipfile
from pathlib import Path

os.environ["SOURCE_DATE_EPOCH"] = "315532800"  # 1980-01-01: the same input gives the same bytes
sys.path.append("/site-packages")
from pyodide_build._py_compile import _py_compile_archive

archive = Path("/tmp/python_stdlib.zip")
with zipfile.ZipFile(next(path for path in sys.path if path.endswith(".zip"))) as library:
    with zipfile.ZipFile(archive, "w") as packed:
        for name in wanted:
            packed.writestr(name, library.read(name))
        for source in sorted(Path("/sources").rglob("*.py")):
            packed.writestr(source.relative_to("/sources").as_posix(), source.read_bytes())
_py_compile_archive(archive, keep=False, verbose=False, compression_level=compression_level)
`;

/**
 * Every request's answer, and what a page can run into besides: unknown names, a failing import.
 * @param {import("pyodide").PyodideAPI} python
 * @param {Job} job
 * @returns {string[]}
 */
function answers(python, job) {
  const run = python.pyimport("calculators.core.run");
  /** @type {string[]} */
  const texts = job.requests.map((request) => run.answer_json(...request));
  for (const text of ["", '{"inputs": {"no_such_input": 1}}']) {
    texts.push(run.answer_json(job.requests[0]?.[0] ?? "", text, job.requests[0]?.[2] ?? "{}"));
  }
  texts.push(run.answer_json("no-such-calculator", "{}", "{}"));
  try {
    python.pyimport("calculators.no_such_module");
  } catch (error) {
    texts.push(String(error).includes("ModuleNotFoundError") ? "no such module" : String(error));
  }
  return texts;
}

/** @param {Job} job */
async function main(job) {
  /** @type {typeof import("pyodide")} */
  const module = await import(pathToFileURL(`${job.pyodide}/pyodide.mjs`).href);

  const stock = await module.loadPyodide({ lockFileContents: job.lock });
  for (const [folder, path] of [["/site-packages", job.sitePackages], ["/sources", job.sources]]) {
    stock.FS.mkdirTree(/** @type {string} */ (folder));
    stock.mountNodeFS(/** @type {string} */ (folder), /** @type {string} */ (path));
  }
  stock.runPython("import sys; sys.path.append('/sources')");
  const expected = answers(stock, job);
  expected.slice(0, job.requests.length).forEach((text, index) => {
    const answer = JSON.parse(text);
    if (!answer.ok) {
      throw new Error(`${job.requests[index]?.[0]} does not answer: ${answer.error?.message}`);
    }
  });

  /** @type {string[]} */
  const found = stock.runPython(LIST_MODULES).toJs();
  const dropped = new Set(job.optional.flatMap((name) => {
    const path = name.replaceAll(".", "/");
    return found.filter((file) => file === `${path}.py` || file.startsWith(`${path}/`));
  }));
  const wanted = found.filter((file) => !dropped.has(file));
  stock.globals.set("wanted", stock.toPy(wanted));
  stock.globals.set("compression_level", job.compressionLevel);
  stock.runPython(COMPILE);
  writeFileSync(job.output, stock.FS.readFile("/tmp/python_stdlib.zip"));

  const trimmed = await module.loadPyodide({ lockFileContents: job.lock, stdLibURL: job.output });
  answers(trimmed, job).forEach((text, index) => {
    if (text !== expected[index]) {
      throw new Error(`the trimmed engine answers differently: ${text.slice(0, 200)}`);
    }
  });
  return { pyodide: module.version, python: stock.runPython("sys.version.split()[0]") };
}

/** @param {unknown} error */
function fail(error) {
  // A Python traceback's last line says what happened.
  const text = error instanceof Error ? error.message : String(error);
  console.error(text.trim().split("\n").at(-1));
  process.exit(1);
}

// Pyodide rejects some promises that nobody awaits, and then never comes back.
process.on("unhandledRejection", fail);
try {
  const job = /** @type {Job} */ (JSON.parse(readFileSync(/** @type {string} */ (process.argv[2]), "utf8")));
  console.log(JSON.stringify(await main(job)));
} catch (error) {
  fail(error);
}
