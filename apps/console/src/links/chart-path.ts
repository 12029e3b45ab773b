/** The outline of a series in a box of `width` × `height`; a value that is not known leaves a gap. */
export function linePath(
  values: readonly (number | undefined)[],
  { width, height, most, places }: { width: number; height: number; most: number; places: number },
): string {
  const step = places > 1 ? width / (places - 1) : 0
  // The newest stands at the right, however few there are.
  const first = places - values.length
  let isDown = false
  const parts = values.map((value, index) => {
    if (value === undefined) {
      isDown = false
      return ''
    }
    const x = round((first + index) * step)
    const y = round(height - (most > 0 ? (Math.min(value, most) / most) * height : 0))
    const part = `${isDown ? 'L' : 'M'}${x} ${y}`
    // A value between two gaps would be a line without length.
    const isAlone = !isDown && values[index + 1] === undefined
    isDown = true
    return isAlone ? `${part}h0.01` : part
  })
  return parts.join('')
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** A round number not below any of the values, for the top of a scale. */
export function topOf(values: readonly (number | undefined)[]): number {
  const most = Math.max(0, ...values.filter((value) => value !== undefined))
  if (most === 0) return 1
  const size = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((factor) => factor * size).find((top) => top >= most) ?? 10 * size
}

/** A number as short as a chart needs it. */
export function shortNumber(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1000)}k`
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}
