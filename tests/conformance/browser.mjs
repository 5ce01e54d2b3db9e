// Do what a browser does with a form on one of our pages: `node browser.mjs SCRIPT < form.json`.
// The form has a proof's kind and address, and a price where its page asked one. Prints the proof.
import { readFileSync } from "node:fs"

const { address, price, quote, kind } = JSON.parse(readFileSync(0, "utf8"))
const wanted = price ? "[data-price]" : "[data-stamp]"
const form = {
  elements: { stamp: { value: "" }, ...(address === "" ? {} : { address: { value: address } }) },
  dataset: price ? { price: String(price), quote, kind } : { stamp: kind },
  submit: () => process.stdout.write(form.elements.stamp.value, () => process.exit(0)),
}
// A reader waits for five seconds at most; a busy machine that runs tests is to finish.
const later = setTimeout
globalThis.setTimeout = (act, ms = 0) => ms < 5000 ? later(act, ms) : 0
globalThis.isSecureContext = true
globalThis.document = {
  documentElement: { classList: { add() {}, remove() {}, contains() {} } },
  addEventListener: (_name, act) => act(),
  querySelectorAll: selector => selector === wanted ? [form] : [],
}
new Function(readFileSync(process.argv[2], "utf8"))()
if (!price) form.elements.address.onchange()
form.onsubmit({ preventDefault() {} })
