// How a runner speaks with runners.py: a line with the facts, then a line for each request; a line for each answer.
import { createInterface } from "node:readline";
import { writeSync } from "node:fs";

/** @param {(slug: string, request: string, facts: string) => string} answer */
export async function answerLines(answer) {
  /** @type {Record<string, string> | undefined} */
  let facts;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (facts === undefined) {
      facts = JSON.parse(line).facts;
      continue;
    }
    /** @type {[string, string]} */
    const [slug, request] = JSON.parse(line);
    const text = facts?.[slug];
    if (text === undefined) throw new Error(`no facts were given for ${slug}`);
    print(JSON.stringify(answer(slug, request, text)));
  }
}

/** Writes a line completely: a pipe may be full for a moment. @param {string} line */
function print(line) {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") throw error;
    }
  }
}
