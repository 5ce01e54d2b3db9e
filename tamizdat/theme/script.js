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

// A stamp: work that costs a reader half a second and a machine that subscribes thousands a fortune.
// docs/reference/stamps.md says what is hashed; tests/conformance/stamp.json holds examples.
const K = [], H = []
for (let n = 2; K.length < 64; n++) {
  let d = 2
  while (d < n && n % d) d++
  if (d == n) {
    if (H.length < 8) H.push(n ** .5 % 1 * 2 ** 32 | 0)
    K.push(n ** (1 / 3) % 1 * 2 ** 32 | 0)
  }
}
const turn = (x, by) => x >>> by | x << 32 - by
const W = new Int32Array(64)
const sha256 = text => {
  const bytes = new TextEncoder().encode(text), size = bytes.length
  const words = new Int32Array((size + 72 >> 6) << 4)
  bytes.forEach((byte, i) => words[i >> 2] |= byte << 24 - i % 4 * 8)
  words[size >> 2] |= 128 << 24 - size % 4 * 8
  words[words.length - 1] = size * 8
  const sum = [...H]
  for (let at = 0; at < words.length; at += 16) {
    let [a, b, c, d, e, f, g, h] = sum
    for (let i = 0; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2]
      W[i] = i < 16 ? words[at + i] : W[i - 16] + W[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10)
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K[i] + W[i]
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c)
      h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0
    }
    ;[a, b, c, d, e, f, g, h].forEach((value, i) => sum[i] = sum[i] + value | 0)
  }
  return sum
}
const stamp = (kind, address, done) => {
  const day = new Date().toISOString().slice(0, 10)
  const random = [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, 0)).join("")
  const start = ["tz1", kind, day, address.trim().toLowerCase(), random, ""].join("|")
  let count = 0
  const work = () => {
    for (const stop = count + 1500; count < stop; count++)
      if (!(sha256(start + count)[0] >>> 16)) return done(["tz1", day, random, count].join("|"))
    setTimeout(work)
  }
  work()
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

  all("form[data-stamp]", form => {
    const { stamp: field, address } = form.elements
    form.oninput = () => field.value = ""
    form.onsubmit = event => {
      if (field.value || !window.crypto) return
      event.preventDefault()
      if (form.ariaBusy) return
      form.ariaBusy = "true"
      stamp(form.dataset.stamp, address.value, value => { form.ariaBusy = null; field.value = value; form.submit() })
    }
  })
})
})()
