/*
 * What comes from an upstream is whatever its maker and its version made of it: each value is read for what it could
 * mean, and is absent where it means nothing.
 */

/** An object of a foreign program. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a value is; an empty one for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

/** The objects in a list; none for anything else. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** A number, or the number that a decimal text says. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** A text, or that of a number. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined
}

/** When an event says that it happened, if it does. */
export function timeOf(raw: Fields): { readonly time?: number } {
  const time = numberOf(raw['time'])
  return time === undefined || time <= 0 ? {} : { time }
}

/**
 * An object with every field of `defaults`, each read as what its default is, and defaulted where it is absent or
 * unreadable. What else came stays.
 */
export function fill<Defaults extends Fields>(value: unknown, defaults: Defaults): Fields & Defaults {
  const given = fieldsOf(value)
  const filled = Object.entries(defaults).map(([name, absent]) => [name, readAs(given[name], absent)])
  return { ...given, ...(Object.fromEntries(filled) as Defaults) }
}

function readAs(value: unknown, absent: unknown): unknown {
  switch (typeof absent) {
    case 'number':
      return numberOf(value) ?? absent
    case 'string':
      return textOf(value) ?? absent
    case 'boolean':
      return typeof value === 'boolean' ? value : absent
    default:
      return value ?? absent
  }
}

/** The same fields, some of them under other names; a field that has its name already is left alone. */
export function rename(fields: Fields, names: Readonly<Record<string, string>>): Fields {
  const renamed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const other = Object.hasOwn(names, name) ? names[name]! : name
    if (other === name || !Object.hasOwn(fields, other)) renamed[other] = value
  }
  return renamed
}

/** The same fields without some. */
export function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}
