import { readdir, readFile } from 'node:fs/promises'
import type { Inspector } from './inspector.ts'

export interface Vital {
  /** Milliseconds since the watch began. */
  readonly at: number
  readonly residentMiB: number
  /** What is alive of it. */
  readonly liveMiB: number
  readonly files: number
}

/** How often a process is looked at. */
const EVERY_MS = 5000

/** Looks at a process again and again, until it is stopped. Only where there is `/proc`. */
export function watchVitals(
  pid: number,
  inspector: Inspector,
): { readonly vitals: readonly Vital[]; stop(): Promise<void> } {
  const vitals: Vital[] = []
  const began = performance.now()
  const over = new AbortController()
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const [liveMiB, status, files] = await Promise.all([
        inspector.liveMiB(),
        readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
        readdir(`/proc/${pid}/fd`).catch(() => []),
      ])
      const kib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
      if (kib > 0) vitals.push({ at: performance.now() - began, residentMiB: kib / 1024, liveMiB, files: files.length })
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  }
  const looking = look()
  return {
    vitals,
    async stop() {
      over.abort()
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
