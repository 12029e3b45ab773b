import { useId, useState } from 'react'
import { ask } from '../kit/api.ts'
import { Dialog } from '../kit/dialog.tsx'
import { useWords } from '../kit/language.ts'
import { emptyDraft, presets, writeToken } from './token-draft.ts'
import type { TokenDraft } from './token-draft.ts'
import { linksWords } from './words.ts'

/** Asks what a new token may do, and has it made. */
export function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const words = useWords(linksWords)
  const { token: texts } = words
  const preset = useId()
  const [draft, setDraft] = useState(emptyDraft)
  const [problem, setProblem] = useState<string>()
  const set = (change: Partial<TokenDraft>): void => setDraft((before) => ({ ...before, ...change }))
  const create = async (): Promise<void> => {
    try {
      const { token } = await ask<{ token: string }>('inspect/tokens', { method: 'POST', body: writeToken(draft) })
      onMade(token)
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  const field = (
    key: Exclude<keyof TokenDraft, 'preset'>,
    hint?: string,
    more: { type?: string; required?: true } = {},
  ) => (
    <Field
      title={texts[key]}
      hint={hint}
      value={draft[key]}
      onValue={(value) => set({ [key]: value })}
      type={more.type ?? 'text'}
      isRequired={more.required ?? false}
    />
  )
  return (
    <Dialog title={words.newToken} onClose={onClose} wide>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        <div className="token-fields">
          {field('name', texts.nameHint, { required: true })}
          <div className="field">
            <label htmlFor={preset}>{texts.preset}</label>
            <select id={preset} value={draft.preset} onChange={({ target }) => set({ preset: target.value })}>
              {presets.map((name) => (
                <option key={name} value={name}>
                  {texts.presets[name]}
                </option>
              ))}
              <option value="">{texts.noPreset}</option>
            </select>
          </div>
          {field('allow', texts.allowHint)}
          {field('deny', texts.allowHint)}
          {field('groups', texts.groupsHint)}
          {field('users', texts.usersHint)}
          {field('bots', texts.botsHint)}
          {field('events', texts.eventsHint)}
          {field('from', texts.fromHint)}
          {field('frequency', texts.frequencyHint, { type: 'number' })}
          {field('expires', undefined, { type: 'datetime-local' })}
        </div>
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="row">
          <button type="submit" className="button primary">
            {words.create}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Field({
  title,
  hint,
  value,
  onValue,
  type,
  isRequired,
}: {
  title: string
  hint: string | undefined
  value: string
  onValue: (value: string) => void
  type: string
  isRequired: boolean
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <input
        id={id}
        type={type}
        required={isRequired}
        min={type === 'number' ? 0 : undefined}
        step={type === 'number' ? 'any' : undefined}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onChange={({ target }) => onValue(target.value)}
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
    </div>
  )
}
