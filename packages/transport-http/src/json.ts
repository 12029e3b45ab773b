/** As many digits as the shortest integer that a double may not hold (2^53 has 16). */
const LONG_DIGITS = /\d{16}/

/** The third argument of a reviver, which TypeScript's library does not know yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown

/**
 * Reads JSON text. An integer beyond ±2^53 comes as its decimal text, so that no digit of a guild id is lost.
 *
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
  return LONG_DIGITS.test(text) ? parse(text, keepDigits) : parse(text)
}

const keepDigits: Reviver = (_key, value, context) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? context?.source
    : value

/** Whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
