// Every relative import of a module with ?tab=… is of that tab too: module state of its own,
// while IndexedDB, localStorage and the locks are those of the browser.
import { register } from "node:module";

const hook = `export async function resolve(name, context, next) {
  const found = await next(name, context);
  const tab = /[?]tab=.*$/.exec(context.parentURL ?? "");
  if (tab && name.startsWith(".") && !found.url.includes("?")) found.url += tab[0];
  return found;
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
