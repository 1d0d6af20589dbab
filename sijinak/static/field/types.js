// @ts-check
/** The shapes that the modules of the phone hand each other. */

/**
 * @typedef {"vaccination"|"heads"|"result"|"reaction"|"undo"|"unknown"|"link"|"registration"|"waste"|"temperature"|"inspected"|"vehicle"|"inspection-done"|"check"} Kind
 * @typedef {"saved"|"sent"|"received"|"needs-you"} State
 * "sent" was given to the network and has no answer yet.
 * @typedef {[number, number, number]} Position  latitude, longitude, metres of accuracy
 * @typedef {{kid: string, at: string, sig: string, checked?: boolean}} Receipt
 * `checked` is false where the browser knows no Ed25519.
 */

/**
 * A record as the app sees it. `at` is the phone's own hour.
 * @typedef {Object} Entry
 * @property {string} id
 * @property {number} seq
 * @property {Kind} kind
 * @property {string} at
 * @property {Object<string, any>} data
 * @property {Position|null} pos
 * @property {State} state
 * @property {string} reason  code of why it needs you, or ""
 * @property {string} review  code of what a person at the office looks at, or ""
 * @property {Object<string, any>} facts
 * @property {Receipt|null} receipt
 * @property {string} undone  id of the record that takes it back, or ""
 * @property {boolean} aside  it needed you and you put it away
 * @property {string} hash
 * @property {string} prev
 * @property {string} body
 */

/**
 * A record as it lies in the database: what it says is sealed.
 * @typedef {Object} Row
 * @property {string} id
 * @property {number} seq
 * @property {string} prev
 * @property {string} hash
 * @property {Uint8Array} sealed  the body
 * @property {State} state
 * @property {string} undone
 * @property {boolean} aside
 * @property {string} receivedAt  the server's hour, or ""
 * @property {Uint8Array|null} answer  sealed {reason, review, facts, receipt}
 */

/**
 * @typedef {{seq: number, hash: string}} Tail  the newest link of the chain
 * @typedef {{id: string, seq: number, prev: string, hash: string, sealed: Uint8Array}} Line
 * @typedef {{id: string, seq: number, prev: string, hash: string, body: string}} Wire
 */

/**
 * What the server says about one record.
 * @typedef {Object} Answer
 * @property {string} id
 * @property {"accepted"|"duplicate"|"conflict"|"rejected"|"retry"} verdict
 * @property {string} [reason]
 * @property {Object<string, any>} [facts]
 * @property {string|null} [review]
 * @property {Receipt|null} [receipt]
 */

/**
 * @typedef {"ok"|"revoked"|"closed"|"wiped"} Standing
 * @typedef {{sent: number, waiting: number, state: Standing, trouble: string}} Flushed
 * `sent` were received by the server in this flush, `trouble` is a code or "".
 */

/**
 * This phone in the hands of one officer; name, villages and keys only while the vault is open.
 * @typedef {Object} Device
 * @property {string} id
 * @property {{id: string, name: string}} user
 * @property {string} name
 * @property {string} expires_at
 * @property {string} token
 * @property {[string, string][]} villages
 * @property {{kid: string, key: string}[]} receipt_keys
 * @property {number} clockOffset  server minus phone, in milliseconds
 */

/**
 * @typedef {Object} Owner
 * @property {string} id
 * @property {string} name  short
 * @property {string} village  name
 * @property {string} villageCode
 * @property {string} hamlet
 */

/**
 * @typedef {Object} Animal
 * @property {string} code
 * @property {Owner|null} owner
 * @property {{code: string, name: string, outbreaks: string[]}} village
 * @property {any} species
 * @property {"m"|"f"} sex
 * @property {string|null} born
 * @property {boolean|null} pregnant
 * @property {string[]} numbers
 * @property {Object<string, [string, string|null]>} last  disease -> [last day, due or null]
 * @property {string|null} shipsOn
 * @property {string} state
 */

/**
 * @typedef {Object} Pack
 * @property {string} madeAt
 * @property {{id: string, name: string}} officer
 * @property {{code: string, name: string, outbreaks: string[]}[]} villages
 * @property {any[]} products
 * @property {any[]} lots
 * @property {any[]} campaigns
 * @property {any[]} species
 * @property {(code: string) => Animal|null} byCode
 * @property {(text: string) => Animal[]} byNumber
 * @property {(text: string) => Owner[]} findOwners
 * @property {(ownerId: string) => Animal[]} animalsOf
 */

export {};
