const LONGEST = 40

/** Names a value in a sentence, in a few characters and a few steps however large it is or whatever it holds. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`)
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value)
  }
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
