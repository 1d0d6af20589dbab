// Reads texts as JSON from standard input, and says what the phone makes of each.
import { readFileSync } from "node:fs";
import { codeIn, parse, spaced } from "../../sijinak/static/field/codes.js";

const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => [parse(text), codeIn(text), spaced(text)])));
