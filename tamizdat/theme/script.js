// Everything on our pages works without this script; with it a few things work better.
// It sends nothing, loads nothing, and keeps two dates in this browser: until when the strip
// stays hidden, and the month in which a reader asked to be reminded.
(() => {
const root = document.documentElement
const classes = root.classList
const now = new Date()
const keep = (key, value) => {
  try { return value === undefined ? localStorage[key] : value ? localStorage[key] = value : localStorage.removeItem(key) } catch {}
}

// The strip: hidden for two weeks after "Not now"; back in the month a reminder is due.
const month = add => { const d = new Date(now.getFullYear(), now.getMonth() + add, 1); return d.toLocaleDateString("sv").slice(0, 7) }
const remind = keep("tz-remind")
classes.add("js")
if (remind && remind <= month(0)) classes.add("due")
else if (remind || keep("tz-hush") > now) classes.add("hushed")

// A stamp: work that costs a reader a second and a machine that subscribes thousands a fortune.
// docs/reference/stamps.md says what is hashed; tests/conformance/stamp.json holds examples.
const stamp = async (kind, address) => {
  const day = new Date().toISOString().slice(0, 10)
  const random = crypto.randomUUID()
  const bytes = new TextEncoder()
  for (let from = 0; ; from += 512) {
    const sums = await Promise.all(Array.from({ length: 512 }, (_, i) => crypto.subtle.digest("SHA-256",
      bytes.encode(["tz1", kind, day, address.trim().toLowerCase(), random, from + i].join("|")))))
    const found = sums.findIndex(sum => !new DataView(sum).getUint16())
    if (found >= 0) return ["tz1", day, random, from + found].join("|")
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const all = (selector, act) => document.querySelectorAll(selector).forEach(act)

  // Where a page is careful, the ask waits in a template. It is shown only where the browser names
  // a time zone that is not on the list; whoever hides theirs keeps the safe text.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || ""
  all("template[data-careful]", ask => {
    const careful = ask.dataset.careful.split(" ")
    if (careful[0] && /\//.test(zone) && !/^Etc|Reykjavik/.test(zone) && !careful.includes(zone))
      ask.parentNode.replaceChildren(ask.content)
  })

  all("[data-hush]", button => button.onclick = () => {
    keep("tz-hush", now.getTime() + 14 * 864e5)
    if (classes.contains("due")) keep("tz-remind", "")
    classes.remove("due")
    classes.add("hushed")
  })

  // The month to be reminded in: the next, or from the 20th on the one after.
  const next = month(now.getDate() < 20 ? 1 : 2)
  all("[data-month]", place => place.textContent = new Date(next + "-15").toLocaleDateString(root.lang, { month: "long" }))
  all("[data-remind]", button => button.onclick = () => {
    keep("tz-remind", next)
    button.hidden = true
    button.nextElementSibling.hidden = false
  })

  // The work begins when the address is there, not when the reader waits; nobody waits longer than
  // five seconds. Browsers offer these sums only to pages that came safely: elsewhere, and on slow
  // machines, a form goes without a stamp.
  all("form[data-stamp]", form => {
    const { stamp: field, address } = form.elements
    let work
    if (window.crypto?.subtle) {
      address.onchange = () => work = stamp(form.dataset.stamp, address.value)
      form.onsubmit = async event => {
        event.preventDefault()
        field.value = await Promise.race([work, new Promise(give => setTimeout(give, 5000, ""))]) || ""
        form.submit()
      }
    }
  })
})
})()
