import { memo } from 'react'
import { lineOf } from './record-line.ts'
import { clockTime, duration, endingOf } from './record-look.ts'
import type { Row } from './timeline.ts'
import type { InspectorWords } from './words.ts'

interface RowLineProps {
  readonly row: Row
  readonly id: string
  readonly index: number
  readonly top: number
  readonly isSelected: boolean
  readonly words: InspectorWords
  readonly onChoose: (row: Row) => void
}

/** One line of the timeline. It is drawn anew only when it changes itself. */
export const RowLine = memo(function RowLine({ row, id, index, top, isSelected, words, onChoose }: RowLineProps) {
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
      // How many there are is another number each moment; that alone is no reason to draw a line anew.
      aria-setsize={-1}
      className={`line line-${record.type}${isBelow ? ' below' : ''}`}
      style={{ top }}
      onClick={() => onChoose(row)}
    >
      <span className="line-at">{record.at !== undefined && clockTime(record.at)}</span>
      <span className="line-type" title={words.types[record.type]} />
      <span className="line-name">{record.type === 'gap' ? words.missed(record.missed) : name}</span>
      <span className="line-about">
        {chat && <span className="line-chat">{chat.id}</span>}
        {about}
      </span>
      <span className="line-end">
        {'is_replay' in record && record.is_replay && <span className="tag accent">{words.replayed}</span>}
        {ending.text !== '' && <span className={`tag ${ending.tone}`}>{ending.text}</span>}
      </span>
      <span className="line-ms">
        {record.type === 'event' ? `#${record.seq}` : 'ms' in record && record.ms !== undefined && duration(record.ms)}
      </span>
    </div>
  )
})
