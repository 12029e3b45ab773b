type Row = Readonly<Record<string, unknown>>

/** More rows and columns are not shown as a table. */
const MOST_ROWS = 1000
const MOST_COLUMNS = 30

/** The objects of an answer that is a list of them; none otherwise. */
export function rowsIn(answer: unknown): readonly Row[] {
  const data: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'data') : undefined
  const isRows =
    Array.isArray(data) && data.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
  return isRows ? (data as Row[]).slice(0, MOST_ROWS) : []
}

/** The names that the rows have, in the order in which they come; ids and names first. */
export function columnsOf(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return names.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, MOST_COLUMNS)
}

function rankOf(name: string): number {
  if (name.endsWith('_id')) return 0
  return name.endsWith('name') || name === 'card' ? 1 : 2
}
