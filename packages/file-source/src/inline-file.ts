import { notAFile, tooLarge } from './file-failure.ts'

/** Decodes what follows `base64://`. */
export function readBase64(text: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  // Some encoders break lines, and some use the alphabet for URLs; Buffer reads both, but reads anything else too.
  // Blanks at the end are cut off before: what two repetitions could match takes a time that grows with its square.
  if (!/^[\w+/\s-]*={0,2}$/.test(text.trimEnd())) throw notAFile('what follows base64:// is not base64')
  return withinSize(Buffer.from(text, 'base64'), maxBytes)
}

/** Decodes a `data:` URL. @see https://www.rfc-editor.org/rfc/rfc2397 */
export function readDataUrl(url: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(',')
  if (comma === -1) throw notAFile('a data: URL has a comma before its data')
  const data = url.slice(comma + 1)
  if (!/;\s*base64\s*$/i.test(url.slice(0, comma))) return withinSize(readPercent(data), maxBytes)
  return readBase64(readPercent(data).toString('latin1'), maxBytes)
}

function withinSize(bytes: Buffer<ArrayBuffer>, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

/** Any `%xx` is the byte it names; `decodeURIComponent` would have it be UTF-8. */
function readPercent(text: string): Buffer<ArrayBuffer> {
  if (!text.includes('%')) return Buffer.from(text)
  const bytes = Buffer.from(text)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at] === PERCENT ? bytes.toString('latin1', at + 1, at + 3) : ''
    const isCode = /^[0-9a-f]{2}$/i.test(code)
    bytes[length++] = isCode ? Number.parseInt(code, 16) : bytes[at]!
    if (isCode) at += 2
  }
  return bytes.subarray(0, length)
}

const PERCENT = '%'.charCodeAt(0)
