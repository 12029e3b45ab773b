/** A piece of JSON text, and what it is. */
export interface JsonPiece {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'sign'
  readonly text: string
}

const piecePattern = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([^"\d\-tfn]+|.)/g

/** JSON text of a value, indented, in pieces for colours. */
export function piecesOf(value: unknown): readonly JsonPiece[] {
  // What JSON has no text for, such as undefined, is shown as nothing.
  const text = JSON.stringify(value, null, 2) ?? ''
  return Array.from(text.matchAll(piecePattern), ([whole, string, colon, number, word]): JsonPiece => {
    if (string !== undefined) return { kind: colon === undefined ? 'string' : 'key', text: whole }
    return { kind: number !== undefined ? 'number' : word !== undefined ? 'word' : 'sign', text: whole }
  })
}
