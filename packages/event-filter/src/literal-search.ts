/**
 * Up to this length a search is left to the engine, whose worst case is one comparison per character of the part for
 * each character of the text; a longer part could make that hundreds.
 */
const maxEngineLength = 32

/** Compiles a search for `part` that takes time linear in the text, whatever both are made of. */
export function compileSearch(part: string): (text: string) => boolean {
  if (part.length <= maxEngineLength) return (text) => text.includes(part)
  let table: Uint32Array | undefined
  return (text) => {
    if (text.length < part.length) return false
    table ??= borders(part)
    return search(text, part, table)
  }
}

/** Whether `text` contains `part`, in time linear in both. */
export function includesPart(text: string, part: string): boolean {
  return part.length <= maxEngineLength || part.length > text.length ? text.includes(part) : compileSearch(part)(text)
}

/** For each prefix of `part`, the length of its longest proper prefix that is also its suffix (Knuth, Morris, Pratt). */
function borders(part: string): Uint32Array {
  const table = new Uint32Array(part.length)
  let length = 0
  for (let at = 1; at < part.length; at++) {
    while (length > 0 && part.charCodeAt(at) !== part.charCodeAt(length)) length = table[length - 1] as number
    if (part.charCodeAt(at) === part.charCodeAt(length)) length++
    table[at] = length
  }
  return table
}

function search(text: string, part: string, table: Uint32Array): boolean {
  let matched = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    while (matched > 0 && part.charCodeAt(matched) !== code) matched = table[matched - 1] as number
    if (part.charCodeAt(matched) === code) matched++
    if (matched === part.length) return true
  }
  return false
}
