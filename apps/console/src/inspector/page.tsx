import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { navigate, useRoute } from '../kit/route.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { useStore } from '../kit/store.ts'
import { copyFormsOf } from './copied.ts'
import { Details } from './details.tsx'
import { FilterBox } from './filter-box.tsx'
import { readFilter } from './record-filter.ts'
import { createTapFeed } from './tap-feed.ts'
import type { TapRecord } from './tap-record.ts'
import { TapState } from './tap-state.tsx'
import { TimelineList } from './timeline-list.tsx'
import type { Row } from './timeline.ts'
import { inspectorWords } from './words.ts'
import '../tools/tools.css'
import './inspector.css'

/** Outlives the page: who comes back finds what was there. */
const feed = createTapFeed(10_000)

/** Everything that passes, as it passes. */
export function InspectorPage() {
  const words = useWords(inspectorWords)
  const queries = useQueryClient()
  const { query } = useRoute()
  const text = query['filter'] ?? ''
  const filter = useMemo(() => readFilter(text), [text])
  const view = useStore(feed.view)
  const [chosen, setChosen] = useState<Row>()
  const [isOpen, setOpen] = useState(false)
  const [newestAsked, askNewest] = useState(0)
  const input = useRef<HTMLInputElement>(null)

  useEffect(() => feed.start(), [])
  useEffect(() => feed.filter(filter), [filter])

  const { rows, waiting } = view
  const isPaused = waiting !== undefined
  // The line may look different by now: an event has more deliveries than when it was chosen.
  const index = chosen ? rows.findIndex(({ key }) => key === chosen.key) : -1
  const current = (index >= 0 ? rows[index] : undefined) ?? chosen
  const row = current && { ...current, entry: feed.entry(current.entry.key) ?? current.entry }

  const setText = (next: string): void =>
    navigate({ page: 'inspector', query: next === '' ? {} : { filter: next } }, { replace: true })
  const togglePause = (): void => (isPaused ? feed.resume() : feed.pause())
  const move = (by: number): void => {
    const next = index < 0 ? rows.at(by > 0 && chosen ? 0 : -1) : rows[index + by]
    if (next) setChosen(next)
  }
  const choose = (next: Row): void => {
    setChosen(next)
    setOpen(true)
  }
  /** Chooses the entry of a record, which the filter may hide from the list, or the page have forgotten. */
  const chooseRecord = (record: TapRecord): void => {
    for (const entry of feed.entries()) {
      if (entry.record.id === record.id) return choose({ key: String(entry.key), entry })
    }
    choose({ key: `record ${record.id}`, entry: { key: -1, record, deliveries: [] } })
  }
  const chooseSeq = (seq: number): void => {
    const entry = feed.event(seq)
    if (entry) choose({ key: String(entry.key), entry })
  }

  useShortcut({ keys: 'j', does: words.shortcuts.next }, () => move(1))
  useShortcut({ keys: 'k', does: words.shortcuts.previous }, () => move(-1))
  useShortcut({ keys: 'ArrowDown', does: words.shortcuts.next }, () => move(1))
  useShortcut({ keys: 'ArrowUp', does: words.shortcuts.previous }, () => move(-1))
  useShortcut({ keys: 'Enter', does: words.shortcuts.open }, () => setOpen(chosen !== undefined))
  useShortcut({ keys: 'Escape', does: words.shortcuts.close }, () => setOpen(false))
  useShortcut({ keys: '/', does: words.shortcuts.search }, () => input.current?.focus())
  useShortcut({ keys: 'Space', does: words.shortcuts.pause }, togglePause)
  useShortcut({ keys: 'End', does: words.shortcuts.newest }, () => askNewest((before) => before + 1))
  useShortcut({ keys: 'c', does: words.shortcuts.copy }, () => {
    if (!row) return
    const { curl, json } = copyFormsOf(row, queries, words.cutNote)
    void (row.entry.record.type === 'call' && curl ? curl() : json())
  })

  return (
    <main className={isOpen && row ? 'inspector has-details' : 'inspector'}>
      <h1 className="visually-hidden">{words.title}</h1>
      <header className="inspector-head">
        <FilterBox text={text} doubts={filter.doubts} onText={setText} input={input} />
        <div className="inspector-tools">
          <TapState />
          <span className="hint inspector-count">
            {isPaused && waiting > 0 ? words.waiting(waiting) : words.count(entryCount(rows), view.kept)}
          </span>
          <button type="button" className="button" aria-pressed={isPaused} onClick={togglePause}>
            <Icon name={isPaused ? 'play' : 'pause'} size={14} />
            {isPaused ? words.resume : words.pause}
          </button>
          <button type="button" className="button" onClick={() => feed.clear()}>
            <Icon name="trash" size={14} />
            {words.clear}
          </button>
        </div>
        {view.isFull && <p className="hint">{words.full}</p>}
      </header>
      <div className="inspector-body">
        {rows.length === 0 ? (
          <div className="blank timeline-empty">
            <p>{view.kept === 0 ? words.nothing : words.noMatch}</p>
            {view.kept === 0 && <p className="hint">{words.nothingHint}</p>}
          </div>
        ) : (
          <TimelineList view={view} selected={chosen?.key} onChoose={choose} newestAsked={newestAsked} />
        )}
        {isOpen && row && (
          <Details
            key={row.key}
            row={row}
            event={feed.event}
            onChooseSeq={chooseSeq}
            onChooseEntry={chooseRecord}
            onClose={() => setOpen(false)}
          />
        )}
      </div>
    </main>
  )
}

function entryCount(rows: readonly Row[]): number {
  let count = 0
  for (const { delivery } of rows) if (!delivery) count++
  return count
}
