import { useState } from 'react'
import { Dialog } from '../kit/dialog.tsx'
import { useWords } from '../kit/language.ts'
import { kitWords } from '../kit/words.ts'

/** Asks for one line, does something with it, and closes once that worked. */
export function PromptDialog({
  title,
  hint,
  value: initial,
  onDone,
  onClose,
}: {
  title: string
  hint?: string
  value: string
  onDone: (value: string) => Promise<unknown>
  onClose: () => void
}) {
  const words = useWords(kitWords)
  const [value, setValue] = useState(initial)
  const [problem, setProblem] = useState('')
  const submit = async (): Promise<void> => {
    try {
      await onDone(value)
      onClose()
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <input autoFocus aria-label={title} value={value} onChange={(event) => setValue(event.target.value)} />
        {hint && <p className="hint">{hint}</p>}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button primary">
          {words.save}
        </button>
      </form>
    </Dialog>
  )
}
