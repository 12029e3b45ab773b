import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { RowLine } from './row-line.tsx'
import type { Row, TimelineView } from './timeline.ts'
import { useNarrow } from './use-narrow.ts'
import { inspectorWords } from './words.ts'

/** Heights of a line, in pixels; the styles have the same numbers. */
const LINE = 28
const NARROW_LINE = 46
/** As many lines stand ready above and below those that are seen. */
const OVERSCAN = 6
/** Nearer to the end than so many lines, the list goes along with what comes. */
const NEAR_END = 2

/** The lines, of which only those that are seen stand in the page. */
export function TimelineList({
  view,
  selected,
  onChoose,
  newestAsked,
}: {
  view: TimelineView
  /** The key of the chosen line. */
  selected: string | undefined
  onChoose: (row: Row) => void
  /** Another number each time someone asks to be brought to the newest line. */
  newestAsked: number
}) {
  const words = useWords(inspectorWords)
  const box = useRef<HTMLDivElement>(null)
  const line = useNarrow() ? NARROW_LINE : LINE
  const [isAtEnd, setAtEnd] = useState(true)
  const { rows, rowsGone } = view
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => line,
    overscan: OVERSCAN,
  })

  useEffect(() => list.measure(), [line, list])

  const goneBefore = useRef(rowsGone)
  useLayoutEffect(() => {
    const gone = rowsGone - goneBefore.current
    goneBefore.current = rowsGone
    const element = box.current
    if (!element) return
    if (isAtEnd) element.scrollTop = element.scrollHeight
    // What goes at the top must not move what is being read.
    else if (gone > 0) element.scrollTop -= gone * line
  }, [rows, rowsGone, isAtEnd, line])

  useEffect(() => {
    if (newestAsked > 0) setAtEnd(true)
  }, [newestAsked])

  const items = list.getVirtualItems()
  const most = useRef(0)
  const places = (most.current = Math.max(most.current, items.length))

  const selectedIndex = selected === undefined ? -1 : rows.findIndex(({ key }) => key === selected)
  useEffect(() => {
    if (selectedIndex >= 0) list.scrollToIndex(selectedIndex, { align: 'auto' })
    // Only a new choice moves the list, not what comes meanwhile.
  }, [selected])

  return (
    <div className="timeline-box">
      <div
        ref={box}
        className="timeline"
        role="listbox"
        tabIndex={0}
        aria-label={words.timeline}
        data-rows={rows.length}
        aria-activedescendant={selectedIndex < 0 ? undefined : lineId(rows[selectedIndex]!)}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END * line)
        }
      >
        <div role="presentation" className="timeline-lines" style={{ height: list.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index]
            return (
              row && (
                <RowLine
                  // A line that goes out at one end comes in again at the other, so that scrolling makes no new ones.
                  key={(index + rowsGone) % places}
                  id={lineId(row)}
                  row={row}
                  index={index}
                  top={start}
                  isSelected={row.key === selected}
                  words={words}
                  onChoose={onChoose}
                />
              )
            )
          })}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className="button to-newest" onClick={() => setAtEnd(true)}>
          <Icon name="back" size={14} />
          {words.newest}
        </button>
      )}
    </div>
  )
}

function lineId({ key }: Row): string {
  return `line-${key.replaceAll(/[^\w-]/g, '_')}`
}
