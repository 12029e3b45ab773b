import { memo } from 'react'
import { lineOf } from './record-line.ts'
import { clockTime, duration, endingOf } from './record-look.ts'
import type { Row } from './timeline.ts'
import type { InspectorWords } from './words.ts'

interface RowLineProps {
  readonly row: Row
  readonly id: string
  readonly index: number
  readonly count: number
  readonly top: number
  readonly isSelected: boolean
  readonly words: InspectorWords
  readonly onChoose: (row: Row) => void
}

/** One line of the timeline. It is drawn anew only when it changes itself. */
export const RowLine = memo(function RowLine({
  row,
  id,
  index,
  count,
  top,
  isSelected,
  words,
  onChoose,
}: RowLineProps) {
  const record = row.delivery ?? row.entry.record
  const { name, about, chat } = lineOf(record)
  const ending = endingOf(record, words)
  const isBelow = row.delivery !== undefined
  return (
    // The keyboard is heard by the list that it is in.
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={count}
      className={`line line-${record.type}${isBelow ? ' below' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onChoose(row)}
    >
      <span className="line-at">{record.at !== undefined && clockTime(record.at)}</span>
      <span className="line-type" title={words.types[record.type]}>
        <span className="visually-hidden">{words.types[record.type]}</span>
      </span>
      <span className="line-name">{record.type === 'gap' ? words.missed(record.missed) : name}</span>
      <span className="line-about">
        {chat && <span className="line-chat">{chat.id}</span>}
        {about}
      </span>
      <span className="line-end">
        {'is_replay' in record && record.is_replay && <span className="tag accent">{words.replayed}</span>}
        {record.type === 'event' && <span className="line-seq">#{record.seq}</span>}
        {ending.text !== '' && <span className={`tag ${ending.tone}`}>{ending.text}</span>}
        <span className="line-ms">{'ms' in record && record.ms !== undefined && duration(record.ms)}</span>
      </span>
    </div>
  )
})
