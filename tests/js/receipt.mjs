// Says whether the phone takes a receipt of the server for true.
import { readFileSync } from "node:fs";
import { newPhone, newTab } from "./phone.mjs";

newPhone();
const { receipts } = await newTab();
const { receipt, record, keys } = JSON.parse(readFileSync(0, "utf8"));
const other = { ...record, hash: "0".repeat(64) };
console.log(JSON.stringify([await receipts.holds(receipt, record, keys), await receipts.holds(receipt, other, keys)]));
