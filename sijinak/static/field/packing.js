// @ts-check
/** The parts of a pack put together, with what finds an animal or an owner in them. */

/** @typedef {import("./types.js").Animal} Animal */
/** @typedef {import("./types.js").Owner} Owner */
/** @typedef {import("./types.js").Pack} Pack */
/** @typedef {{part: any, row: any[]}} Found */

const SHOWN = 50;

/**
 * @param {any[]} parts  one for each village, as the server made them
 * @returns {Pack}
 */
export function assembled(parts) {
  const [newest] = [...parts].sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
  const { byCode, byNumber, byOwner } = indexed(parts);
  const owners = unique(parts.flatMap(ownersOf));
  const animals = (/** @type {Found[]|undefined} */ found) => (found ?? []).map(animalOf);
  return {
    madeAt: parts.map(({ made_at }) => made_at).sort()[0],
    officer: newest.officer,
    villages: unique(parts.flatMap(({ villages }) => villages), "code"),
    products: newest.products,
    lots: newest.lots,
    campaigns: merged(parts.flatMap(({ campaigns }) => campaigns)),
    species: newest.species,
    byCode: (code) => animals(byCode.get(code))[0] ?? null,
    byNumber: (text) => animals(byNumber.get(bare(text))),
    findOwners: (text) => matching(owners, text),
    animalsOf: (ownerId) => animals(byOwner.get(ownerId)),
  };
}

/** @param {any[]} parts */
function indexed(parts) {
  /** @type {Map<string, Found[]>} */
  const byCode = new Map();
  /** @type {Map<string, Found[]>} */
  const byNumber = new Map();
  /** @type {Map<string, Found[]>} */
  const byOwner = new Map();
  for (const part of parts) {
    for (const row of part.animals) {
      if (byCode.has(row[0])) continue;
      const found = { part, row };
      if (row[0]) byCode.set(row[0], [found]);
      for (const number of row[7] ?? []) put(byNumber, bare(number), found);
      if (row[1] !== null) put(byOwner, part.owners[row[1]]?.[0], found);
    }
  }
  return { byCode, byNumber, byOwner };
}

/**
 * @param {Map<string, Found[]>} map
 * @param {string} key
 * @param {Found} found
 */
function put(map, key, found) {
  const there = map.get(key);
  if (there) there.push(found);
  else map.set(key, [found]);
}

/**
 * @param {Found} found
 * @returns {Animal}
 */
function animalOf({ part, row }) {
  const [code, owner, village, species, sex, born, pregnant, numbers, last, shipsOn, state] = row;
  return {
    code,
    owner: owner === null ? null : ownerOf(part, owner),
    village: part.villages[village],
    species: part.species[species],
    sex,
    born,
    pregnant: pregnant === null ? null : Boolean(pregnant),
    numbers: numbers ?? [],
    last: last ?? {},
    shipsOn: shipsOn ?? null,
    state,
  };
}

/**
 * @param {any} part
 * @returns {Owner[]}
 */
const ownersOf = (part) => Array.from(part.owners, (_, index) => ownerOf(part, index));

/**
 * @param {any} part
 * @param {number} index
 * @returns {Owner}
 */
function ownerOf(part, index) {
  const [id, name, village, hamlet] = part.owners[index];
  const there = part.villages[village];
  return { id, name, village: there?.name ?? "", villageCode: there?.code ?? "", hamlet };
}

/**
 * Owners whose words begin as the words that were typed.
 * @param {Owner[]} owners
 * @param {string} text
 */
function matching(owners, text) {
  const typed = words(text);
  if (typed.length === 0) return [];
  const fits = (/** @type {Owner} */ { name, hamlet }) => {
    const there = words(`${name} ${hamlet ?? ""}`);
    return typed.every((word) => there.some((other) => other.startsWith(word)));
  };
  return owners.filter(fits).slice(0, SHOWN);
}

/** @param {string} text */
const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** @param {string} text  a number, as it is compared */
const bare = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "");

/**
 * @template {Object<string, any>} T
 * @param {T[]} things
 * @param {string} [name]
 * @returns {T[]}
 */
const unique = (things, name = "id") => [...new Map(things.map((thing) => [thing[name], thing])).values()];

/**
 * Each part names only those villages of a campaign that it holds itself.
 * @param {any[]} campaigns
 */
const merged = (campaigns) =>
  unique(campaigns).map((one) => {
    const same = campaigns.filter(({ id }) => id === one.id);
    return { ...one, villages: [...new Set(same.flatMap(({ villages }) => villages))] };
  });
