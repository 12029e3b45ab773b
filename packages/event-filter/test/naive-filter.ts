/**
 * The rule language once more, written from the specification alone and as plainly as possible: no compilation, no
 * fast paths, JSON text in, answer out. The properties compare the package with it.
 */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const plainNumber = new Intl.NumberFormat('en-US', { useGrouping: false, maximumSignificantDigits: 21 })

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return plainNumber.format(Object.is(value, -0) ? 0 : value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `a.b\.c` as ["a", "b\.c"]: escapes stay, because an escaped part names no array position. */
function parts(path: string): string[] {
  return path.match(/(?:\\.|[^.\\])+/gsu) ?? []
}

function find(value: Json | undefined, path: string[]): Json | undefined {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (Array.isArray(value)) {
    if (part === '#' && rest.length === 0) return value.length
    if (part === '#') return value.map((item) => find(item, rest)).filter((found) => found !== undefined)
    return /^\d+$/.test(part) && Number(part) < value.length ? find(value[Number(part)], rest) : undefined
  }
  const key = part.replaceAll(/\\(.)/gsu, '$1')
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return find(value[key], rest)
}

function evaluate(rule: { [key: string]: Json }, value: Json | undefined): boolean {
  return Object.entries(rule).every(([key, argument]) => {
    const inner = argument as { [key: string]: Json }
    switch (key) {
      case '.and':
        return evaluate(inner, value)
      case '.not':
        return !evaluate(inner, value)
      case '.or':
        return (argument as { [key: string]: Json }[]).some((option) => evaluate(option, value))
      case '.eq':
        return text(value) === text(argument)
      case '.neq':
        return text(value) !== text(argument)
      case '.in':
        return Array.isArray(argument)
          ? argument.map(text).includes(text(value))
          : text(argument).split(text(value)).length > 1 || text(value) === ''
      case '.contains':
        return text(argument) === '' || text(value).split(text(argument)).length > 1
      case '.regex':
        return new RegExp(text(argument), 'u').test(text(value))
      default: {
        const found = find(value, parts(key))
        return typeof argument === 'object' && argument !== null && !Array.isArray(argument)
          ? evaluate(inner, found)
          : text(found) === text(argument)
      }
    }
  })
}

/** Whether the event passes the rule, as the specification reads. */
export function naiveFilter(rule: unknown, event: unknown): boolean {
  return evaluate(JSON.parse(JSON.stringify(rule)), JSON.parse(JSON.stringify(event)))
}
