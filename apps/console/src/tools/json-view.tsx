import { useMemo, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { copyText } from '../kit/copy.ts'
import { piecesOf } from './json-text.ts'
import { toolWords } from './words.ts'

/** Longer texts are shown from their beginning only, until the rest is asked for: in characters. */
const LONGEST_SHOWN = 20_000

/** A value as JSON in colours, with a button that copies it. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const words = useWords(toolWords)
  const [showsAll, setShowsAll] = useState(false)
  const pieces = useMemo(() => piecesOf(value), [value])
  const [shown, isCut] = useMemo(() => cut(pieces, showsAll ? Infinity : LONGEST_SHOWN), [pieces, showsAll])
  return (
    <div className="json">
      {/* Scrolls, so it takes the focus for the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        {shown.map(({ kind, text }, index) =>
          kind === 'sign' ? (
            text
          ) : (
            <span key={index} className={`json-${kind}`}>
              {text}
            </span>
          ),
        )}
        {isCut && '…'}
      </pre>
      {isCut && (
        <button type="button" className="button" onClick={() => setShowsAll(true)}>
          {words.showAll}
        </button>
      )}
      <button
        type="button"
        className="icon-button json-copy"
        aria-label={words.copyJson(label)}
        title={words.copyJson(label)}
        onClick={() => void copyText(JSON.stringify(value, null, 2) ?? '')}
      >
        <Icon name="copy" size={14} />
      </button>
    </div>
  )
}

function cut(pieces: ReturnType<typeof piecesOf>, most: number): [ReturnType<typeof piecesOf>, boolean] {
  let length = 0
  const end = pieces.findIndex(({ text }) => (length += text.length) > most)
  if (end < 0) return [pieces, false]
  const { kind, text } = pieces[end]!
  const room = most - (length - text.length)
  return [[...pieces.slice(0, end), { kind, text: text.slice(0, room) }], true]
}
