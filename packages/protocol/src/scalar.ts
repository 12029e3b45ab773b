import * as z from 'zod'

/*
 * How a value of any client becomes a value of ours. Query strings and forms carry only text, and clients of every
 * generation send numbers as text and booleans as words; see the parameter rules of CQHTTP v4 and OneBot 11.
 * The `id` of a schema's metadata is its name in the API reference.
 */

const DECIMAL = /^[+-]?\d+$/

/** Reads decimal text as the integer it is; what no double holds exactly, and anything else, is returned as it came. */
export function readInteger(value: unknown): unknown {
  // A query turns the plus of "+5" into a space, so spaces around mean nothing.
  if (typeof value !== 'string' || !DECIMAL.test(value.trim())) return value
  const number = Number(value) + 0
  return Number.isSafeInteger(number) ? number : value
}

const words: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false }

/** Reads a JSON boolean, 0 or 1, or one of yes, no, true, false, 1, 0 in any case; anything else is returned as it came. */
function readBoolean(value: unknown): unknown {
  if (value === 0 || value === 1) return value === 1
  if (typeof value !== 'string') return value
  const word = value.trim().toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : value
}

/** Reads a number or a boolean as its JSON text; an integer that has lost digits, and anything else, stays as it came. */
export function readText(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? value : String(value)
  return typeof value === 'boolean' ? String(value) : value
}

/** An integer within ±2^53, as a number or as decimal text with an optional sign. */
export const integer = z
  .preprocess(readInteger, z.int({ error: 'an integer (a number or a decimal string)' }))
  .meta({ id: 'Integer' })

/** A boolean, as JSON, as 0 or 1, or as yes, no, true, false in any case. */
export const boolean = z
  .preprocess(readBoolean, z.boolean({ error: 'a boolean (true or false, 1 or 0, "yes" or "no")' }))
  .meta({ id: 'Boolean' })

/** Text; a number or a boolean is taken as its text, but for integers beyond ±2^53, whose digits are no longer known. */
export const text = z.preprocess(readText, z.string({ error: 'text (a string)' })).meta({ id: 'Text' })

/**
 * Parameters whose text is read as JSON when it came in a query or a form, where nothing else can carry a structure.
 * Any other parameter is plain text there, even if it looks like JSON.
 */
export const structuredParams: ReadonlySet<string> = new Set([
  'message',
  'messages',
  'anonymous',
  'context',
  'operation',
  'headers',
  'users',
  'initial_users',
])
