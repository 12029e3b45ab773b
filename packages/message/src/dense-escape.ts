/**
 * Escaping and unescaping text in which every few characters are special, such as a JSON card.
 *
 * Cutting such a text into slices costs a search and an allocation per character. Here it is rewritten in memory instead, a
 * chunk at a time and as UTF-16 units, several times as fast. Only worth it from some hundred characters on.
 */

import { codeAt, sliceOf } from './text-access.ts'

const ampersand = 0x26
const comma = 0x2c
const open = 0x5b
const close = 0x5d

/** By character: the four units that follow the `&` in its entity. */
const entities = [
  [ampersand, 'amp;'],
  [open, '#91;'],
  [close, '#93;'],
  [comma, '#44;'],
] as const

/** UTF-16 units taken at a time: what they become still fits a second-level cache. */
const chunkUnits = 8192
/** No character becomes more than this many, as in `&#44;`. */
const longestEntity = 5

/** Whether this platform can rewrite text in memory: it has Node's `Buffer`, and UTF-16 in the order of bytes Node writes. */
export const canRewrite = typeof Buffer === 'function' && new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

// Where text is rewritten, with room for what stands behind its end. Nothing in it outlives a call; it belongs to the
// module because the compiler then knows where it is, which halves the time of the loops below.
const units = new Uint16Array(canRewrite ? chunkUnits * longestEntity + 16 : 0)
const memory = canRewrite ? Buffer.from(units.buffer) : undefined
/** The same memory, two units or four bytes at a time from any place: the offsets are in bytes. */
const pairs = new DataView(units.buffer)

/**
 * The unit from which text is read; it is written from the first. Apart, because what is written must not overtake what is
 * still to be read, and because reading what was just written in another size holds a processor up.
 */
const base = chunkUnits * (longestEntity - 1)

/** Puts a chunk of text into memory and returns the unit where it ends. */
function load(chunk: string): number {
  return base + (memory!.write(chunk, 2 * base, 'utf16le') >> 1)
}

/** Takes the first units out of memory; the engine itself stores them in single bytes where that is enough. */
function take(length: number): string {
  return memory!.toString('utf16le', 0, 2 * length)
}

/** Two units of a text as {@link pairs} has them. */
function pairOf(text: string, at: number): number {
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
}

// By slot: the two pairs of units that follow an `&`, and what the entity stands for. The slot is made of the low bits
// of the second pair, in which the four entities differ.
const slotMask = 7
const slotFirst = new Int32Array(slotMask + 1)
const slotSecond = new Int32Array(slotMask + 1)
const slotCharacter = new Uint8Array(slotMask + 1)
for (const [character, rest] of entities) {
  const slot = pairOf(rest, 2) & slotMask
  slotFirst[slot] = pairOf(rest, 0)
  slotSecond[slot] = pairOf(rest, 2)
  slotCharacter[slot] = character
}

// The same for ASCII, of which an entity is one `&` and four bytes: the slot is made of the third of these.
const slotBytes = new Int32Array(slotMask + 1)
const slotByte = new Uint8Array(slotMask + 1)
for (const [character, rest] of entities) {
  const bytes = codeAt(rest, 0) | (codeAt(rest, 1) << 8) | (codeAt(rest, 2) << 16) | (codeAt(rest, 3) << 24)
  slotBytes[slotOfBytes(bytes)] = bytes
  slotByte[slotOfBytes(bytes)] = character
}

function slotOfBytes(bytes: number): number {
  return (bytes >> 16) & slotMask
}

/** Unescapes a part of the text. */
export function unescapeDense(text: string, from: number, end: number): string {
  let unescaped = ''
  for (let start = from; start < end;) {
    const chunkEnd = chunkEndOf(text, start, end)
    const chunk = sliceOf(text, start, chunkEnd)
    unescaped += loadAscii(chunk) ? unescapeBytes(2 * base + chunk.length) : unescapeUnits(load(chunk))
    start = chunkEnd
  }
  return unescaped
}

/** Puts a chunk into memory as bytes, if it is ASCII; one that is not mostly shows it in a few characters. */
function loadAscii(chunk: string): boolean {
  const step = (chunk.length >> 3) + 1
  for (let index = step >> 1; index < chunk.length; index += step) if (codeAt(chunk, index) > 127) return false
  return memory!.write(chunk, 2 * base, 'utf8') === chunk.length
}

/** Unescapes the ASCII in memory, as {@link unescapeUnits} does units. */
function unescapeBytes(end: number): string {
  // Ends the search, as there.
  pairs.setUint8(end, ampersand)
  pairs.setInt32(end + 1, 0)

  let read = 2 * base
  let written = 0
  for (;;) {
    let inFirst = 0
    let inSecond = 0
    for (;;) {
      const first = pairs.getInt32(read, true)
      const second = pairs.getInt32(read + 4, true)
      pairs.setInt32(written, first, true)
      pairs.setInt32(written + 4, second, true)
      inFirst = zeroBytes(first ^ 0x2626_2626)
      inSecond = zeroBytes(second ^ 0x2626_2626)
      if ((inFirst | inSecond) !== 0) break
      read += 8
      written += 8
    }
    const before = inFirst !== 0 ? firstMarkedByte(inFirst) : 4 + firstMarkedByte(inSecond)
    read += before
    written += before

    const rest = pairs.getInt32(read + 1, true)
    const slot = slotOfBytes(rest)
    if (slotBytes[slot] === rest) {
      pairs.setUint8(written, slotByte[slot]!)
      read += longestEntity
    } else if (read >= end) return memory!.toString('latin1', 0, written)
    else read++
    written++
  }
}

/** Sets the top bit of each zero byte of four; if one is zero, perhaps also that of bytes above it. */
function zeroBytes(bytes: number): number {
  return (bytes - 0x0101_0101) & ~bytes & 0x8080_8080
}

/** Which of four bytes is the lowest with its top bit set. */
function firstMarkedByte(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3
}

/**
 * Unescapes the chunk in memory. A function of its own, as {@link escapeUnits}: that makes better machine code.
 *
 * Four units are copied before they are looked at; those from the `&` on are written over later.
 */
function unescapeUnits(endUnit: number): string {
  // An ampersand behind the end stops the search, is no entity itself, and no entity cut short reaches beyond it.
  units[endUnit] = ampersand
  units[endUnit + 1] = 0
  const end = 2 * endUnit
  let read = 2 * base
  let written = 0
  for (;;) {
    let inFirst = 0
    let inSecond = 0
    for (;;) {
      const first = pairs.getInt32(read, true)
      const second = pairs.getInt32(read + 4, true)
      pairs.setInt32(written, first, true)
      pairs.setInt32(written + 4, second, true)
      inFirst = zeroUnits(first ^ 0x26_0026)
      inSecond = zeroUnits(second ^ 0x26_0026)
      if ((inFirst | inSecond) !== 0) break
      read += 8
      written += 8
    }
    const before = inFirst !== 0 ? ((inFirst & 0x8000) !== 0 ? 0 : 2) : (inSecond & 0x8000) !== 0 ? 4 : 6
    read += before
    written += before

    const first = pairs.getInt32(read + 2, true)
    const second = pairs.getInt32(read + 6, true)
    // A table, not a branch for each kind: which kind comes next is what a processor guesses wrong.
    const slot = second & slotMask
    if (slotFirst[slot] === first && slotSecond[slot] === second) {
      pairs.setUint16(written, slotCharacter[slot]!, true)
      read += 2 * longestEntity
    } else if (read >= end) return take(written >> 1)
    else read += 2
    written += 2
  }
}

/** Sets the top bit of each zero unit of a pair; if the lower one is zero, perhaps also that of the upper. */
function zeroUnits(pair: number): number {
  return (pair - 0x1_0001) & ~pair & 0x8000_8000
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

// By the low seven bits of a unit: the one character with these bits that is escaped, in a value and in text. The other
// places hold the ampersand, which has other bits.
const lowBits = 127
const escapedInValue = new Uint8Array(lowBits + 1).fill(ampersand)
const escapedInText = new Uint8Array(lowBits + 1).fill(ampersand)
// By character: the two pairs of units that follow the `&` it becomes.
const entityFirst = new Int32Array(lowBits + 1)
const entitySecond = new Int32Array(lowBits + 1)
for (const [character, rest] of entities) {
  escapedInValue[character] = character
  if (character !== comma) escapedInText[character] = character
  entityFirst[character] = pairOf(rest, 0)
  entitySecond[character] = pairOf(rest, 2)
}

/** Escapes the text from an index on, and its commas if asked. */
export function escapeDense(text: string, from: number, commas: boolean): string {
  const escapedUnits = commas ? escapedInValue : escapedInText
  let escaped = ''
  for (let start = from; start < text.length; start += chunkUnits) {
    escaped += escapeUnits(load(sliceOf(text, start, start + chunkUnits)), escapedUnits)
  }
  return escaped
}

/** Escapes the chunk in memory. */
function escapeUnits(end: number, escapedUnits: Uint8Array): string {
  // A character behind the end stops the search.
  units[end] = ampersand
  let written = 0
  for (let read = base; ; read++) {
    // Four units in a row: a loop of one takes half as long again.
    let unit
    for (;;) {
      unit = units[read]!
      units[written] = unit
      if (escapedUnits[unit & lowBits] === unit) break
      unit = units[++read]!
      units[++written] = unit
      if (escapedUnits[unit & lowBits] === unit) break
      unit = units[++read]!
      units[++written] = unit
      if (escapedUnits[unit & lowBits] === unit) break
      unit = units[++read]!
      units[++written] = unit
      if (escapedUnits[unit & lowBits] === unit) break
      read++
      written++
    }
    if (read >= end) return take(written)
    units[written] = ampersand
    pairs.setInt32(2 * written + 2, entityFirst[unit]!, true)
    pairs.setInt32(2 * written + 6, entitySecond[unit]!, true)
    written += longestEntity
  }
}
