import { readdir, readFile } from 'node:fs/promises'

export interface Vital {
  /** Milliseconds since the watch began. */
  readonly at: number
  readonly residentMiB: number
  readonly files: number
}

/** Looks at a process once a second. Only where there is `/proc`. */
export function watchVitals(pid: number): { readonly vitals: readonly Vital[]; stop(): Promise<void> } {
  const vitals: Vital[] = []
  const began = performance.now()
  let isOver = false
  const look = async (): Promise<void> => {
    while (!isOver) {
      const [status, files] = await Promise.all([
        readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
        readdir(`/proc/${pid}/fd`).catch(() => []),
      ])
      const kib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
      if (kib > 0) vitals.push({ at: performance.now() - began, residentMiB: kib / 1024, files: files.length })
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
  const looking = look()
  return {
    vitals,
    async stop() {
      isOver = true
      await looking
    },
  }
}

/** How much a figure grows in a minute: the slope of the line that fits best. */
export function slopePerMinute(points: readonly (readonly [at: number, value: number])[]): number {
  const count = points.length
  if (count < 2) return 0
  const meanAt = points.reduce((sum, [at]) => sum + at, 0) / count
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / count
  let above = 0
  let below = 0
  for (const [at, value] of points) {
    above += (at - meanAt) * (value - meanValue)
    below += (at - meanAt) ** 2
  }
  return below === 0 ? 0 : (above / below) * 60_000
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0
}
