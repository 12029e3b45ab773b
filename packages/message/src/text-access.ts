// The methods of strings, taken once. Written as `text.charCodeAt(…)` they are looked up by the kind of string, of which an
// engine has a dozen (flat or joined, a slice, one byte or two); where more than four come by, as in any real bot, that
// costs more than the character, and reading and writing messages takes twice the time.
// oxlint-disable-next-line typescript/unbound-method -- each of them is called on its text below
const { charCodeAt, indexOf, slice } = String.prototype

/** The UTF-16 unit at an index. */
export function codeAt(text: string, index: number): number {
  return charCodeAt.call(text, index)
}

/** The part from `start` up to `end`. */
export function sliceOf(text: string, start: number, end: number): string {
  return slice.call(text, start, end)
}

/** Finds a character from an index on; -1 if there is none. */
export function indexIn(text: string, character: string, from: number): number {
  return indexOf.call(text, character, from)
}

/** Finds a character from an index on; if there is none, the end of the text. */
export function indexOrEnd(text: string, character: string, from: number): number {
  const index = indexIn(text, character, from)
  return index === -1 ? text.length : index
}
