/** What the benchmark of the console does within the page; it is there before anything of the page. */
const longTasks = []
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) longTasks.push({ start: startTime, ms: duration })
}).observe({ type: 'longtask', buffered: true })

globalThis.bench = {
  now: () => performance.now(),

  /** The lengths of the long tasks since a time of the page, in ms. */
  longTasksSince: (since) => longTasks.filter(({ start }) => start >= since).map(({ ms }) => Math.round(ms)),

  rows: () => Number(document.querySelector('.timeline')?.dataset.rows ?? 0),

  /** Bytes of the page, its scripts and styles; and when it was drawn, all of them were here and the last long task over. */
  load() {
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    const files = entries.filter(({ name }) => name.includes('/console/'))
    const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
    const loaded = files.map(({ responseEnd }) => responseEnd)
    const worked = longTasks.map(({ start, ms }) => start + ms)
    return {
      bytes: files.reduce((total, { encodedBodySize }) => total + encodedBodySize, 0),
      ms: Math.max(painted, ...loaded, ...worked),
    }
  },

  /** Scrolls from the newest row to the oldest and back, a step each frame; how long the frames were, shortest first. */
  async scrollThrough(steps) {
    const list = document.querySelector('.timeline')
    const most = list.scrollHeight - list.clientHeight
    const frames = []
    let last = performance.now()
    for (let step = 0; step <= steps; step++) {
      list.scrollTop = Math.abs(1 - (2 * step) / steps) * most
      await new Promise((resolve) => {
        requestAnimationFrame(resolve)
      })
      const at = performance.now()
      frames.push(Math.round(at - last))
      last = at
    }
    return frames.toSorted((one, other) => one - other)
  },
}
