import type { Document } from './document.ts'

/*
 * Many documents as one stored value. Those that come in a row and differ in few fields are kept as what they share and
 * a list of what they do not: the members of a large group are little more than their ids.
 */

/** Documents with the same fields: `shared` is what is the same in all, each row what is not, in the order of `fields`. */
interface Run {
  readonly shared: Fields
  readonly fields: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** A list of documents in their stored form; plain JSON. */
export type Page = readonly Run[]

type Fields = Readonly<Record<string, unknown>>

export function packPage(documents: readonly Document[]): Page {
  const runs: Run[] = []
  for (let start = 0; start < documents.length;) {
    const first = documents[start]!
    const keys = Object.keys(first)
    let end = start + 1
    while (end < documents.length && isAlike(documents[end]!, first, keys)) end++
    const run = documents.slice(start, end) as readonly unknown[] as readonly Fields[]
    const fields = keys.filter((key) => run.some((document) => document[key] !== run[0]![key]))
    const shared = Object.fromEntries(keys.filter((key) => !fields.includes(key)).map((key) => [key, run[0]![key]]))
    runs.push({ shared, fields, rows: run.map((document) => fields.map((field) => document[field])) })
    start = end
  }
  return runs
}

export function unpackPage(page: Page): Document[] {
  return page.flatMap(({ shared, fields, rows }) =>
    rows.map((row) => {
      const document: Record<string, unknown> = { ...shared }
      for (const [index, field] of fields.entries()) document[field] = row[index]
      // Only `packPage` writes there.
      return document as unknown as Document
    }),
  )
}

/** Whether two documents are of one kind, with the same fields in the same order. */
function isAlike(document: Document, first: Document, keys: readonly string[]): boolean {
  if (document.kind !== first.kind) return false
  let index = 0
  for (const key in document) if (key !== keys[index++]) return false
  return index === keys.length
}
