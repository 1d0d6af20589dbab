// Reads texts as JSON from standard input, and says what the phone makes of each signed paper.
import { readFileSync } from "node:fs";
import { readPaper } from "../../sijinak/static/field/checkpoint/paper.js";

const { keys, home, now, texts } = JSON.parse(readFileSync(0, "utf8"));
const known = keys.map((key) => ({ ...key, spki: Uint8Array.from(Buffer.from(key.spki, "base64")) }));
const said = [];
for (const text of texts) {
  const { verdict, facts } = await readPaper(text, known, [home], now);
  said.push([verdict, facts && facts.number]);
}
console.log(JSON.stringify(said));
