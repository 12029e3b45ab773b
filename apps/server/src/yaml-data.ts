import type { Document } from 'yaml'

/** What a YAML document says; or what keeps it from saying anything, though every line of it is YAML. */
export function readYamlData(document: Document): { readonly data: unknown } | { readonly problem: string } {
  try {
    return { data: withoutNulls(document.toJS({ maxAliasCount: 100 }) ?? {}) }
  } catch (error) {
    if (error instanceof ReferenceError) return { problem: 'blocks that stand for blocks (*name) add up to too much' }
    if (error instanceof RangeError) return { problem: 'a block stands for itself (*name), or blocks lie too deep' }
    return { problem: (error as Error).message }
  }
}

/** A key with nothing after it is a key that is not there; its default holds. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]))
}
