import { encodeCqCode, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { useWords } from '../kit/language.ts'
import { readMessageText } from './field.ts'
import { playgroundWords } from './words.ts'

/** A message as CQ code or as segments, with what the server makes of it. */
export function MessageField({
  id,
  value,
  describedBy,
  isRequired,
  isLiteral,
  onValue,
}: {
  id: string
  value: string
  describedBy: string
  isRequired: boolean
  /** Whether CQ codes in it are taken as text. */
  isLiteral: boolean
  onValue: (value: string) => void
}) {
  const words = useWords(playgroundWords)
  const input = readMessageText(value)
  const read = readSafely(input, isLiteral)
  return (
    <div className="message-field">
      <textarea
        id={id}
        rows={3}
        spellCheck={false}
        aria-describedby={describedBy}
        aria-required={isRequired}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
      {value !== '' && (
        <div className="message-preview">
          <div className="row">
            <span className="hint grow">{words.segments}</span>
            {Array.isArray(read) && (
              <button
                type="button"
                className="chip"
                onClick={() => onValue(typeof input === 'string' ? JSON.stringify(read, null, 2) : encodeCqCode(read))}
              >
                {typeof input === 'string' ? words.toSegments : words.toCqCode}
              </button>
            )}
          </div>
          {Array.isArray(read) ? <Segments segments={read} /> : <p className="problem">{read}</p>}
        </div>
      )}
    </div>
  )
}

/** Segments, or the sentence that says why there are none. */
function readSafely(input: unknown, isLiteral: boolean): Segment[] | string {
  try {
    return readMessage(input, { autoEscape: isLiteral })
  } catch (error) {
    return (error as Error).message
  }
}

function Segments({ segments }: { segments: readonly Segment[] }) {
  return (
    <ol className="segments">
      {segments.map(({ type, data }, index) => (
        <li key={index}>
          <span className="tag accent">{type}</span>
          <span className="segment-data">
            {typeof data['text'] === 'string' && type === 'text' ? data['text'] : JSON.stringify(data)}
          </span>
        </li>
      ))}
    </ol>
  )
}
