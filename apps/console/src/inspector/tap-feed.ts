import { connection, listen } from '../kit/event-stream.ts'
import { createStore } from '../kit/store.ts'
import type { Store } from '../kit/store.ts'
import type { RecordFilter } from './record-filter.ts'
import type { TapRecord } from './tap-record.ts'
import { createTimeline } from './timeline.ts'
import type { Timeline, TimelineView } from './timeline.ts'

/** The timeline together with the stream that fills it, as React sees them: one change for each frame at most. */
export interface TapFeed extends Pick<Timeline, 'event' | 'entry' | 'entries'> {
  readonly view: Store<TimelineView>
  /** Listens until what it returns is called; the next time it goes on from there. */
  start(): () => void
  filter(filter: RecordFilter): void
  pause(): void
  resume(): void
  clear(): void
}

/** As many records are asked for at first. */
const RECENT = 1000

/** How long a filter may work before the page has its turn, in milliseconds. */
const SLICE_MS = 10

/** A feed that keeps so many entries. */
export function createTapFeed(capacity: number): TapFeed {
  const timeline = createTimeline(capacity)
  const view = createStore(timeline.view())
  let isDue = false
  /** What ends the stream; undefined while there is none. */
  let stream: AbortController | undefined
  let isStarted = false
  let asked: RecordFilter | undefined

  function show(): void {
    view.set(timeline.view())
  }

  /** However much comes, it is drawn once for each frame. */
  function showSoon(): void {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      show()
    })
  }

  function take(data: string): void {
    timeline.add(readRecords(data))
    // What waits behind a pause is bounded: the server keeps the rest until it goes on.
    if (timeline.isFull()) close()
    showSoon()
  }

  /** Finds out what a filter wants a little at a time, then shows it; until then the view stays as it is. */
  function takeFilter(filter: RecordFilter): void {
    // Somebody typed on.
    if (asked !== filter) return
    const until = performance.now() + SLICE_MS
    if (!timeline.prepare(filter, () => performance.now() < until)) return void setTimeout(takeFilter, 0, filter)
    timeline.filter(filter)
    show()
  }

  function open(): void {
    if (stream) return
    stream = new AbortController()
    const newest = timeline.newest()
    listen(`inspect/tap?${newest === undefined ? `recent=${RECENT}` : `after=${newest}`}`, {
      onData: take,
      onState: (state) => connection.set(state),
      signal: stream.signal,
    })
  }

  function close(): void {
    stream?.abort()
    stream = undefined
  }

  return {
    view,
    event: (seq) => timeline.event(seq),
    entry: (key) => timeline.entry(key),
    entries: () => timeline.entries(),
    start() {
      isStarted = true
      if (!timeline.isFull()) open()
      return () => {
        isStarted = false
        close()
      }
    },
    filter(filter) {
      asked = filter
      takeFilter(filter)
    },
    pause() {
      timeline.pause()
      show()
    },
    resume() {
      timeline.resume()
      if (isStarted) open()
      show()
    },
    clear() {
      timeline.clear()
      if (isStarted) open()
      show()
    },
  }
}

/** One record, or several of one turn. */
function readRecords(data: string): readonly TapRecord[] {
  const told = JSON.parse(data) as TapRecord | readonly TapRecord[]
  return Array.isArray(told) ? (told as readonly TapRecord[]) : [told as TapRecord]
}
