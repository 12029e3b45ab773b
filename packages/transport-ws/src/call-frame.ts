import { isUtf8 } from 'node:buffer'
import type { CallRequest, Envelope } from '@seekyou/protocol'

/** What a frame turned out to be. `echo` is what is printed as the client's echo was; `undefined` if it had none. */
export type CallFrame =
  | { readonly type: 'call'; readonly request: CallRequest; readonly echo: unknown }
  | { readonly type: 'unreadable'; readonly wording: string; readonly echo: unknown }

/**
 * Reads a call: `{"action": string, "params"?: object, "echo"?: any}` as UTF-8 text. Integers that a double cannot hold
 * arrive in `params` as decimal text, and in the echo digit by digit.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md
 */
export function readCallFrame(bytes: Buffer, isBinary: boolean): CallFrame {
  // Text frames were checked when they were read.
  if (isBinary && !isUtf8(bytes)) return unreadable('a binary frame must hold JSON as UTF-8 text')
  let frame: unknown
  let echo: unknown
  try {
    const text = bytes.toString()
    const exact = mayHoldOddNumber(bytes)
    frame = exact ? json.parse(text, longIntegerAsText) : JSON.parse(text)
    if (isObject(frame) && Object.hasOwn(frame, 'echo')) {
      echo = exact ? (json.parse(text, numberAsWritten) as typeof frame)['echo'] : frame['echo']
      // What cannot be printed again fails here, before anything is done.
      if (typeof echo === 'object') JSON.stringify(echo)
    }
  } catch (error) {
    if (error instanceof RangeError) return unreadable('this frame is nested too deeply')
    if (error instanceof SyntaxError) return unreadable(`this frame is not JSON: ${error.message}; ${EXAMPLE}`)
    throw error
  }
  if (!isObject(frame)) return unreadable(`this frame is not a JSON object; ${EXAMPLE}`)
  const { action, params } = frame
  // PHP writes an empty map as an empty list.
  const isLeftOut = params === undefined || params === null || (Array.isArray(params) && params.length === 0)
  if (typeof action !== 'string') {
    return unreadable(`"action" must be the name of an action; ${EXAMPLE}`, echo)
  }
  if (!isLeftOut && !isObject(params)) {
    return unreadable(`"params" must be an object, or left out; ${EXAMPLE}`, echo)
  }
  return { type: 'call', request: { action, params: isLeftOut ? {} : params }, echo }
}

/** The reply to a call, with the echo it came with. */
export function encodeReply(body: Envelope, echo: unknown): string {
  return JSON.stringify(echo === undefined ? body : { ...body, echo })
}

const EXAMPLE = 'a call looks like {"action":"get_login_info","params":{},"echo":1}'

/** The bit in which capital letters differ from small ones. */
const CASE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const E = 0x65

/**
 * Whether a number may be in this JSON that is not the same when it is read and printed again: one of 16 digits or with
 * a fraction or an exponent, or a negative zero.
 */
function mayHoldOddNumber(json: Buffer): boolean {
  let digits = 0
  let isInString = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!
    if (isInString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInString = false
    } else if (byte >= ZERO && byte <= NINE) {
      if (++digits === 16) return true
    } else {
      if (byte === DOT || (digits > 0 && (byte | CASE) === E) || (byte === MINUS && json[at + 1] === ZERO)) return true
      digits = 0
      isInString = byte === QUOTE
    }
  }
  return false
}

type SourcedReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** JSON with access to the source text of numbers, which TypeScript's library does not describe yet. */
const json = JSON as unknown as {
  parse(text: string, reviver: SourcedReviver): unknown
  rawJSON(text: string): unknown
}

const longIntegerAsText: SourcedReviver = (_key, value, { source = '' }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value

const numberAsWritten: SourcedReviver = (_key, value, { source = '' }) =>
  typeof value === 'number' && String(value) !== source ? json.rawJSON(source) : value

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unreadable(wording: string, echo?: unknown): CallFrame {
  return { type: 'unreadable', wording, echo }
}
