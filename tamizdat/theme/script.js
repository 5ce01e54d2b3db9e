// Everything on our pages works without this script; with it a few things work better.
// It sends nothing, loads nothing, and keeps two dates in this browser: until when the strip
// stays hidden, and the month in which a reader asked to be reminded. A page carries only those
// of the parts below whose attribute is on it (lib/script.py).
(() => {
const root = document.documentElement, classes = root.classList, now = new Date()
const keep = (key, value) => {
  try { return value == null ? localStorage[key] : localStorage[key] = value } catch {}
}

// The strip: hidden for two weeks after "Not now"; back in the month a reminder is due.
const month = add => new Date(Date.UTC(now.getFullYear(), now.getMonth() + add)).toISOString().slice(0, 7)
const due = keep("tz-remind")
classes.add("js", due ? due <= month(0) ? "due" : "hushed" : keep("tz-hush") > now ? "hushed" : "js")

document.addEventListener("DOMContentLoaded", () => {
const all = (selector, act) => document.querySelectorAll(selector).forEach(act)

// [data-careful] Where a page is careful, the ask waits in a template. It is shown only where the
// browser names a time zone that is not on the list; whoever hides theirs keeps the safe text.
all("[data-careful]", ask => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || ""
  if (/\//.test(zone) && !/^Etc|Reykjavik/.test(zone) && !ask.dataset.careful.split(" ").includes(zone))
    ask.parentNode.replaceChildren(ask.content)
})

// [data-hush]
all("[data-hush]", button => button.onclick = () => {
  keep("tz-hush", +now + 12096e5)
  if (classes.contains("due")) keep("tz-remind", "")
  classes.remove("due")
  classes.add("hushed")
})

// [data-remind] The month to be reminded in: the next, or from the 20th on the one after.
all("[data-remind]", button => {
  if (location.hash == "#later") button.closest("details").scrollIntoView()
  const next = month(now.getDate() < 20 ? 1 : 2)
  button.firstElementChild.textContent = new Date(next + "-15").toLocaleDateString(root.lang, { month: "long" })
  button.onclick = () => {
    keep("tz-remind", next)
    button.hidden = true
    button.nextElementSibling.hidden = false
  }
})

// [data-stamp] Work that costs a reader a second and a machine that subscribes thousands a fortune.
// docs/reference/stamps.md says what is hashed; tests/conformance/stamp.json holds examples.
// It begins when the address is there, not when the reader waits; nobody waits longer than five
// seconds. Browsers offer these sums only to pages that came safely: elsewhere, and on slow
// machines, a form goes without a stamp. Many sums are under way at once, since each is handed to
// another thread: one after the other they would take three times as long.
if (isSecureContext) all("[data-stamp]", form => {
  const { stamp, address } = form.elements, encoder = new TextEncoder()
  let made
  address.onchange = () => {
    const day = new Date().toISOString().slice(0, 10), random = crypto.randomUUID(), typed = address.value.trim().toLowerCase()
    let found
    made = Promise.race([...Array(512).keys()].map(async n => {
      for (; !found; n += 512)
        if (!new DataView(await crypto.subtle.digest("SHA-256", encoder.encode(["tz1", form.dataset.stamp, day, typed, random, n].join("|")))).getUint16())
          return found = ["tz1", day, random, n].join("|")
    }))
  }
  form.onsubmit = async event => {
    event.preventDefault()
    stamp.value = await Promise.race([made, new Promise(give => setTimeout(give, 5000))]) || ""
    form.submit()
  }
})

// [html]
})
})()
