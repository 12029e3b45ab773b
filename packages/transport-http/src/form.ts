import { ActionFailure, structuredParams } from '@seekyou/protocol'
import { readJson } from './json.ts'

/**
 * Reads a query string or an urlencoded form. Of a repeated key the first value counts. The parameters in
 * `structuredParams` come as what their text is in JSON, where it is a JSON object or array; everything else as text.
 *
 * @throws ActionFailure `bad-request` for a broken percent-escape.
 */
export function readForm(form: string): Record<string, unknown> {
  // Without a prototype `__proto__` and `constructor` are keys like any other.
  const fields = Object.create(null) as Record<string, unknown>
  for (let start = 0; start < form.length;) {
    const found = form.indexOf('&', start)
    const end = found === -1 ? form.length : found
    const pair = form.slice(start, end)
    start = end + 1
    if (pair === '') continue

    const equals = pair.indexOf('=')
    const key = decode(equals === -1 ? pair : pair.slice(0, equals))
    if (key in fields) continue
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1))
    fields[key] = structuredParams.has(key) ? readStructure(value) : value
  }
  return fields
}

function decode(escaped: string): string {
  const spaced = escaped.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch (cause) {
    const near = /%(?![0-9a-f]{2}).{0,2}/i.exec(spaced)?.[0]
    const wording = near
      ? `a percent-escape is broken at ${JSON.stringify(near)}; write a percent sign itself as %25`
      : 'a percent-escape is not UTF-8; escape the UTF-8 bytes of the text'
    throw new ActionFailure('bad-request', wording, { cause })
  }
}

/** A message such as `[CQ:face,id=1]` begins like JSON and is none: it stays text. */
function readStructure(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return readJson(text)
  } catch {
    return text
  }
}
