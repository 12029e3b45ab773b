type SourcedReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** JSON with access to the source text of numbers, which TypeScript's library does not describe yet. */
const json = JSON as unknown as { parse(text: string, reviver: SourcedReviver): unknown }

const LONG_NUMBER = /\d{16}/

/** Reads JSON; an integer that a double cannot hold, such as the id of a guild, becomes its decimal text. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text)
  return json.parse(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value,
  )
}
