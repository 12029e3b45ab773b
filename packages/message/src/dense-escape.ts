/**
 * Escaping and unescaping text in which every few characters are special, such as a JSON card.
 *
 * Cutting such a text into slices costs a search and an allocation per character. Here its UTF-16 units are rewritten
 * in memory instead, a chunk at a time, several times as fast. Only worth it from some hundred characters on.
 */

const ampersand = 0x26
const comma = 0x2c
const open = 0x5b
const close = 0x5d
const semicolon = 0x3b

/** UTF-16 units taken at a time: what they become still fits a second-level cache. */
const chunkUnits = 8192
/** No character becomes more than this many, as in `&#44;`. */
const longestEntity = 5

/** Whether this platform can rewrite text in memory: it has Node's `Buffer`, and UTF-16 in the order of bytes Node writes. */
export const canRewrite = typeof Buffer === 'function' && new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

// Where text is rewritten. Nothing in it outlives a call; it belongs to the module because the compiler then knows where
// it is, which halves the time of the loops below.
const units = new Uint16Array(canRewrite ? chunkUnits * longestEntity : 0)
const memory = canRewrite ? Buffer.from(units.buffer) : undefined

/** Puts text into memory and returns where it ends. */
function load(text: string, at: number): number {
  return at + (memory!.write(text, 2 * at, 'utf16le') >> 1)
}

/** Takes the first units out of memory; the engine itself stores them in single bytes where that is enough. */
function take(length: number): string {
  return memory!.toString('utf16le', 0, 2 * length)
}

// By slot: the units between `&` and `;`, packed, and what they stand for.
const entityUnits = new Int32Array(64)
const entityCharacters = new Uint8Array(64)
for (const [name, character] of [
  ['amp', ampersand],
  ['#91', open],
  ['#93', close],
  ['#44', comma],
] as const) {
  const [first, second, third] = [name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)]
  entityUnits[slotOf(second, third)] = pack(first, second, third)
  entityCharacters[slotOf(second, third)] = character
}

function pack(first: number, second: number, third: number): number {
  return (first << 16) | (second << 8) | third
}

/** The four entities differ in these bits. */
function slotOf(second: number, third: number): number {
  return (second & 7) | ((third & 7) << 3)
}

/** Unescapes a part of the text. */
export function unescapeDense(text: string, from: number, end: number): string {
  let unescaped = ''
  for (let start = from; start < end;) {
    const chunkEnd = chunkEndOf(text, start, end)
    unescaped += unescapeUnits(load(text.slice(start, chunkEnd), 0))
    start = chunkEnd
  }
  return unescaped
}

/** Unescapes the first units in memory. A function of its own, as {@link escapeUnits}: that makes better machine code. */
function unescapeUnits(count: number): string {
  let written = 0
  let read = 0
  // A sentinel, so that the inner loop needs no other end.
  units[count] = ampersand
  for (;;) {
    let unit = units[read]!
    while (unit !== ampersand) {
      units[written++] = unit
      unit = units[++read]!
    }
    if (read >= count) return take(written)
    const first = units[read + 1]!
    const second = units[read + 2]!
    const third = units[read + 3]!
    // A table, not a branch for each kind: which kind comes next is what a processor guesses wrong.
    const slot = slotOf(second, third)
    if (
      units[read + 4] === semicolon &&
      read + 4 < count &&
      entityUnits[slot] === pack(first, second, third) &&
      (first | second | third) < 128
    ) {
      units[written++] = entityCharacters[slot]!
      read += 5
    } else {
      units[written++] = ampersand
      read++
    }
  }
}

/** Where the chunk ends that starts there, so that no entity is cut. */
function chunkEndOf(text: string, start: number, end: number): number {
  const chunkEnd = start + chunkUnits
  if (chunkEnd >= end) return end
  for (let index = chunkEnd - 1; index > chunkEnd - longestEntity; index--) {
    if (text.charCodeAt(index) === ampersand) return index
  }
  return chunkEnd
}

// By character: the three units between the `&` and the `;` it becomes, packed.
const escapes = new Int32Array(128)
for (const [character, name] of [
  [ampersand, 'amp'],
  [open, '#91'],
  [close, '#93'],
  [comma, '#44'],
] as const) {
  escapes[character] = pack(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2))
}

/** Escapes the text from an index on, and its commas if asked. */
export function escapeDense(text: string, from: number, commas: boolean): string {
  // Read at the end of the memory: what is written never overtakes what is still to be read.
  const base = units.length - chunkUnits
  let escaped = ''
  for (let start = from; start < text.length; start += chunkUnits) {
    escaped += escapeUnits(base, load(text.slice(start, start + chunkUnits), base), commas)
  }
  return escaped
}

/** Escapes the units in memory from `base` to `end` into its start. */
function escapeUnits(base: number, end: number, commas: boolean): string {
  let written = 0
  for (let read = base; read < end; read++) {
    const unit = units[read]!
    if (unit === ampersand || unit === open || unit === close || (commas && unit === comma)) {
      const entity = escapes[unit]!
      units[written] = ampersand
      units[written + 1] = entity >> 16
      units[written + 2] = (entity >> 8) & 0xff
      units[written + 3] = entity & 0xff
      units[written + 4] = semicolon
      written += longestEntity
    } else units[written++] = unit
  }
  return take(written)
}
