// A phone that saves some records and says what it would bring: its key, a batch and a file.
import { doseTimes, enrolled } from "./phone.mjs";

const phone = await enrolled();
await doseTimes(phone, 3);
const [first] = await phone.outbox.list();
await phone.outbox.undo(first.id, "Ternak keliru – «salah» 🐄");
const file = JSON.parse(await (await phone.outbox.exportFile()).text());
await phone.sync.flush();
const { body: batch } = phone.server.asked.find(({ path }) => path === "/sync");
const { public_key } = phone.server.devices.get(phone.drawers.current());
console.log(JSON.stringify({ batch, file, public_key }));
