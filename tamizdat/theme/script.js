// Everything on our pages works without this script; with it a few things work better.
// It sends nothing, loads nothing, and keeps two dates in this browser: until when the strip
// stays hidden, and the month in which a reader asked to be reminded. A page carries only those
// of the parts below whose attribute is on it (lib/theme/script.py).
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
// docs/reference/proof-of-work.md says what is hashed; tests/conformance/proof_of_work.json holds examples.
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

// [data-price] The price that an answer page asks for, found for it from when the page is there. It is ten times as
// many sums, so they are our own here: twenty times as fast as the browser's. The text is hashed once by the browser;
// each try is one block, of that sum and a number. Forty milliseconds at a time, so that the page stays alive.
if (isSecureContext) all("[data-price]", form => {
  const { stamp, address } = form.elements, { price, quote, kind } = form.dataset
  const table = new Int32Array(64), start = new Int32Array(64), words = new Int32Array(64), patience = Date.now() + 6e4
  for (let n = 2, i = 0; i < 64; n++) {
    let d = 2
    while (n % d) d++
    if (d < n) continue
    start[i] = Math.sqrt(n) % 1 * 2 ** 32
    table[i++] = Math.cbrt(n) % 1 * 2 ** 32
  }
  const turn = (x, n) => x >>> n | x << 32 - n
  // The first 32 bits of SHA-256 of a block whose first nine words are set.
  const first = () => {
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2]
      words[i] = words[i - 16] + words[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10)
    }
    let a = start[0], b = start[1], c = start[2], d = start[3], e = start[4], f = start[5], g = start[6], h = start[7]
    for (let i = 0; i < 64; i++) {
      const t = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + table[i] + words[i] | 0
      const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0
      h = g
      g = f
      f = e
      e = d + t | 0
      d = c
      c = b
      b = a
      a = t + u | 0
    }
    return a + start[0] >>> 0
  }
  let turns = 0, made
  const work = async () => {
    const mine = ++turns, day = new Date().toISOString().slice(0, 10), typed = address ? address.value.trim().toLowerCase() : ""
    const text = ["tz2", kind, day, typed, quote, price].join("|")
    const sum = new DataView(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))
    if (mine != turns) return made
    for (let i = 0; i < 8; i++) words[i] = sum.getInt32(i * 4)
    words[9] = 1 << 31
    words[15] = 288
    for (let n = 0, till = 0; Date.now() < patience; n++) {
      if (n % 1000 == 0 && Date.now() > till) {
        await new Promise(go => setTimeout(go))
        if (mine != turns) return made
        till = Date.now() + 40
      }
      words[8] = n
      if (first() * price < 2 ** 32) return ["tz2", day, quote, price, n].join("|")
    }
  }
  const begin = () => made = work()
  if (address) address.onchange = begin
  begin()
  form.onsubmit = async event => {
    event.preventDefault()
    form.onsubmit = event => event.preventDefault()
    form.ariaBusy = "true"
    stamp.value = await made || ""
    form.submit()
  }
})

// [html]
})
})()
