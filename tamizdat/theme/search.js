// The search, on its page alone. It reads files of this very edition, a few for each question, the
// newest first; docs/reference/search.md says what is in them. What is typed is kept nowhere: it
// stands after the # of the address, which browsers never send.
const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
const behindAll = "\uffff", enough = 10, patience = 36000, forSlips = 28000, mostWords = 5, mostFiles = 3

// Words as the index has them: press/search/analysis.py cuts by the same rules, which the page brings.
const cutter = rules => {
  const removed = new RegExp(rules.removed, "gu")
  const plain = text => text.normalize("NFKC").toLowerCase().replace(removed, "")
    .replace(/[^]/gu, sign => rules.alike[sign] || sign)
    .replace(/[\u00c0-\u024f\u1e00-\u1eff]/g, letter => letter.normalize("NFKD")[0])
  const stem = word => rules.endings.reduce((left, group) => {
    const ending = group.find(one => left.endsWith(one) && left.length - one.length >= rules.least)
    return ending ? left.slice(0, -ending.length) : left
  }, word.slice(0, rules.longest))
  return text => (plain(text).match(/[\p{L}\p{N}]+/gu) || []).map(stem)
}

// One slip: a letter too many, too few, another, or two that changed places.
const alike = (one, other) => {
  const least = Math.min(one.length, other.length)
  let start = 0, end = 0
  while (start < least && one[start] == other[start]) start++
  while (end < least - start && one.at(-1 - end) == other.at(-1 - end)) end++
  const a = one.slice(start, one.length - end), b = other.slice(start, other.length - end)
  return a.length < 2 && b.length < 2 || a.length == 2 && b.length == 2 && a[0] == b[1] && a[1] == b[0]
}
const turned = word => [...word].reverse().join("")

const unpacked = text => {
  let word = ""
  return text.split("\n").filter(line => line).map(line => {
    const [head, said] = line.split(" ")
    word = word.slice(0, signs.indexOf(head[0])) + head.slice(1)
    return [word, said || ""]
  })
}
const places = said => {
  const found = []
  let place = -1, value = 0, worth = 1
  for (const sign of said) {
    const digit = signs.indexOf(sign)
    value += digit % 32 * worth
    worth *= 32
    if (digit > 31) continue
    place += Math.floor(value / 8) + 1
    found.push([place, value % 8 + 1])
    value = 0
    worth = 1
  }
  return found
}

document.addEventListener("DOMContentLoaded", () => {
const form = document.querySelector("form[data-search]")
const [status, list, more, further, one] = ["said", "found", "more", "further", "one"].map(id => document.getElementById(id))
const known = JSON.parse(document.getElementById("index").textContent), cut = cutter(known.rules)
const loaded = new Map()
let spent = 0, state
if (location.protocol == "file:") return status.textContent = status.dataset.copy
form.hidden = false

const load = path => {
  if (!loaded.has(path)) loaded.set(path, (async () => {
    const answer = await fetch("search/" + path)
    if (!answer.ok) throw new Error(path)
    const text = await answer.text(), timed = performance.getEntriesByName(answer.url).pop()
    spent += timed && timed.encodedBodySize || text.length
    return path.endsWith("txt") ? unpacked(text) : JSON.parse(text)
  })())
  return loaded.get(path)
}
// What the next shards have is asked for while somebody types, or looks into those before them.
const expect = at => known.shards.slice(at, at + 4).forEach(shard => load(shard + "/index.json").catch(() => loaded.clear()))
const between = async (shard, kind, from, to) => {
  const firsts = (await load(shard + "/index.json"))[kind]
  const place = word => Math.max(firsts.findLastIndex(first => first <= word), 0)
  const numbers = [...firsts.keys()].slice(place(from), place(to) + 1).slice(0, mostFiles)
  return (await Promise.all(numbers.map(number => load(shard + "/" + kind + "-" + number + ".txt")))).flat()
}

// A word itself; where it is not there, those that begin with it.
const meant = async (shard, word) => {
  const near = await between(shard, "words", word, word), same = near.filter(([other]) => other == word)
  if (same.length || word.length < 4) return same.map(([, said]) => [said, 1])
  return near.filter(([other]) => other.startsWith(word)).slice(0, 8).map(([, said]) => [said, .5])
}
// A slip leaves either the word's beginning as it is or its end.
const similar = async (shard, word) => {
  if (word.length < 4) return []
  const half = Math.floor(word.length / 2), start = word.slice(0, half), end = turned(word).slice(0, word.length - 1 - half)
  const [front, back] = await Promise.all([
    between(shard, "words", start, start + behindAll),
    between(shard, "ends", end, end + behindAll)
  ])
  const every = [...front.map(([other]) => other), ...back.map(([other]) => turned(other))]
  return [...new Set(every)].filter(other => other != word && alike(word, other)).slice(0, 4)
}

const look = async shard => {
  const { articles } = await load(shard + "/index.json"), scores = new Map()
  await Promise.all(state.words.map(async word => {
    const others = state.similar.get(word) || []
    const sets = [await meant(shard, word), ...await Promise.all(others.map(async other =>
      (await meant(shard, other)).filter(([, share]) => share == 1).map(([said]) => [said, .6])))].flat()
    const best = new Map()
    for (const [said, share] of sets)
      for (const [place, level] of places(said)) best.set(place, Math.max(best.get(place) || 0, level * share))
    if (best.size) state.met.add(word)
    const rare = Math.log(1 + articles / (best.size + 1))
    best.forEach((level, place) => {
      const [score, met] = scores.get(place) || [0, 0]
      scores.set(place, [score + level * rare, met + 1])
    })
  }))
  return [...scores].map(([place, [score, met]]) => ({ shard, place, met, score: Math.round(4 * score * (met / state.words.length) ** 2) }))
}
const learn = async shards => {
  const unmet = state.words.filter(word => !state.met.has(word) && !state.similar.has(word))
  await Promise.all(unmet.map(async word => {
    for (const shard of shards.slice(0, 2)) {
      const found = await similar(shard, word)
      if (!found.length) continue
      state.similar.set(word, found)
      break
    }
  }))
  return unmet.some(word => state.similar.has(word))
}
const whole = hits => hits.filter(hit => hit.met == state.words.length).length
const goBack = async () => {
  const some = state.words.length > 2 ? 2 : 4, mine = state
  let fresh = []
  spent = 0
  while (state.at < known.shards.length && spent < patience && whole(fresh) < enough) {
    const shards = known.shards.slice(state.at, state.at + some)
    const looking = Promise.all(shards.map(look))
    setTimeout(expect, 0, state.at + some) // behind what these ask for
    let hits = await looking
    if (spent < forSlips && await learn(shards)) hits = await Promise.all(shards.map(look))
    if (mine != state) return
    state.at += shards.length
    fresh.push(...hits.flat())
  }
  if (whole(fresh)) fresh = fresh.filter(hit => hit.met == state.words.length)
  fresh.sort((a, b) => b.score - a.score || b.shard - a.shard || b.place - a.place)
  state.waiting.push(...fresh)
}

const show = async () => {
  const mine = state, hits = state.waiting.splice(0, enough)
  const cards = await Promise.all(hits.map(async ({ shard, place }) =>
    (await load(shard + "/cards-" + Math.floor(place / known.cards) + ".json"))[place % known.cards]))
  const last = known.shards[state.at - 1], since = last == null ? "" : (await load(last + "/cards-0.json"))[0][4]
  if (mine != state) return
  cards.forEach(([path, headline, standfirst, section, day, moment]) => {
    const item = one.content.cloneNode(true), link = item.querySelector("a"), time = item.querySelector("time")
    link.href = path
    link.textContent = headline
    time.textContent = day
    time.dateTime = moment
    item.querySelector("p").textContent = standfirst
    item.querySelector("span").textContent = section
    list.append(item)
  })
  state.shown += cards.length
  further.hidden = state.at >= known.shards.length || state.waiting.length > 0
  more.hidden = !state.waiting.length
  const told = [state.shown ? "" : status.dataset.none, further.hidden ? "" : status.dataset.since.replace("{}", since)]
  if (state.similar.size) told.push(status.dataset.similar)
  status.textContent = told.filter(text => text).join(" ")
}
const act = async work => {
  status.textContent = status.dataset.busy
  list.ariaBusy = true
  try {
    await work()
    await show()
  } catch {
    loaded.clear()
    status.textContent = status.dataset.broken
  }
  list.ariaBusy = false
}
const ask = text => {
  const words = [...new Set(cut(text))].sort((a, b) => b.length - a.length).slice(0, mostWords)
  list.replaceChildren()
  more.hidden = further.hidden = true
  status.textContent = ""
  state = { words, at: 0, shown: 0, waiting: [], met: new Set(), similar: new Map() }
  if (words.length) act(goBack)
}
const asked = () => {
  try { return decodeURIComponent(location.hash.slice(1)) } catch { return "" }
}
form.onsubmit = event => {
  event.preventDefault()
  const text = form.elements.query.value.trim()
  if (asked() == text) ask(text)
  else location.hash = encodeURIComponent(text)
}
onhashchange = () => {
  form.elements.query.value = asked()
  ask(asked())
}
more.onclick = () => act(async () => {})
further.onclick = () => act(goBack)
expect(0)
if (asked()) onhashchange()
})
