import { useId } from 'react'
import type { ReactNode } from 'react'
import { useWords } from '../kit/language.ts'
import { playgroundWords } from './words.ts'

/** A text box for JSON, with what is wrong with it. */
export function JsonInput({
  title,
  value,
  problem,
  hint,
  rows = 12,
  onValue,
}: {
  title: string
  value: string
  problem: string | undefined
  hint?: ReactNode
  rows?: number
  onValue: (value: string) => void
}) {
  const words = useWords(playgroundWords)
  const id = useId()
  return (
    <div className="param">
      <label htmlFor={id} className="hint">
        {title}
      </label>
      <textarea
        id={id}
        className="mono"
        rows={rows}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
      <div id={`${id}-hint`} className="param-hints">
        {hint !== undefined && <span className="hint">{hint}</span>}
        {problem !== undefined && <span className="param-problem">{words.problems['not-json'](problem)}</span>}
      </div>
    </div>
  )
}
