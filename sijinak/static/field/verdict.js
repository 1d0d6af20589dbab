// @ts-check
/** What is to be said of an animal before it gets its dose. It advises; the vet decides. */

/**
 * @typedef {import("./types.js").Animal} Animal
 * @typedef {{ disease: string, doses: Record<string, number>, withdrawal: number | null, least_age: number | null,
 *   pregnancy: string | null }} Product
 * @typedef {{ villages: string[] } | null} Campaign
 * @typedef {{ tone: "go" | "stop" | "look", reasons: string[] }} Verdict
 */

const DAY = 86_400_000;

/** @param {string} from @param {string} to whole days between two days */
export const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** Each reason with whether it applies; the first ones stop. */
/** @type {[string, "stop" | "look", (animal: Animal, product: Product, asked: Asked) => any][]} */
const RULES = [
  ["done-today", "stop", (animal, _, { doneToday }) => doneToday.has(animal.code)],
  ["not-present", "stop", (animal) => animal.state !== "present"],
  ["given-today", "stop", (animal, { disease }, { today }) => animal.last[disease]?.[0] === today],
  ["ships-soon", "stop", (animal, { withdrawal }, { today }) => shipsSoon(animal.shipsOn, withdrawal, today)],
  ["too-young", "stop", (animal, { least_age: least }, { today }) => least && animal.born && days(animal.born, today) < least],
  ["pregnant-forbidden", "stop", (animal, { pregnancy }) => pregnancy === "forbidden" && animal.pregnant],
  ["no-dose-for-species", "stop", (animal, { doses }) => Object.keys(doses).length > 0 && !(animal.species in doses)],
  ["pregnant-avoid", "look", (animal, { pregnancy }) => pregnancy === "avoid" && animal.pregnant],
  ["ask-pregnant", "look", (animal, { pregnancy }) => pregnancy === "forbidden" && animal.sex === "f" && animal.pregnant === null],
  ["not-yet-due", "look", (animal, { disease }, { today }) => notYetDue(animal.last[disease], today)],
  ["other-village", "look", (animal, _, { campaign }) => campaign && campaign.villages.length > 0 && !campaign.villages.includes(animal.village.code)],
];

/** @typedef {{ product: Product, today: string, doneToday: Set<string>, campaign?: Campaign }} Asked */

/** @param {string | null} ships @param {number | null} withdrawal @param {string} today */
function shipsSoon(ships, withdrawal, today) {
  return ships !== null && ships >= today && days(today, ships) < Math.max(withdrawal ?? 0, 1);
}

/** @param {[string, string | null] | undefined} last @param {string} today */
const notYetDue = (last, today) => last && last[0] < today && (last[1] ?? "") > today;

/** @param {Animal | null} animal @param {Asked} asked @returns {Verdict} */
export function judge(animal, asked) {
  if (animal === null) return { tone: "look", reasons: ["unknown-tag"] };
  const met = RULES.filter(([, , applies]) => applies(animal, asked.product, asked));
  if (met.length === 0) return { tone: "go", reasons: [asked.product.disease in animal.last ? "due" : "first-dose"] };
  const stops = met.some(([, tone]) => tone === "stop");
  return { tone: stops ? "stop" : "look", reasons: met.map(([reason]) => reason) };
}
