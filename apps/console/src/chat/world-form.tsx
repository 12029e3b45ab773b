import { useState } from 'react'
import type { ComponentProps, ReactNode } from 'react'
import { attempt, toast } from '../kit/toast.ts'
import { Avatar } from './avatar.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'

/** A form whose fields are read by name when it is sent. */
export function FieldForm({ onDone, children }: { onDone: (fields: FormData) => Promise<void>; children: ReactNode }) {
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault()
        void onDone(new FormData(event.currentTarget))
      }}
    >
      {children}
    </form>
  )
}

export function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
  )
}

export function text(fields: FormData, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

export function number(fields: FormData, name: string): number | undefined {
  const value = text(fields, name)
  return value === '' ? undefined : Number(value)
}

export function numbers(fields: FormData, name: string): number[] {
  return fields.getAll(name).map(Number)
}

/** Deletes on the second click. */
export function RemoveButton({ onRemove }: { onRemove: () => Promise<unknown> }) {
  const { world: words } = useChatWords()
  const [isSure, setSure] = useState(false)
  return (
    <button
      type="button"
      className="button danger"
      onBlur={() => setSure(false)}
      onClick={() => (isSure ? void attempt(onRemove) : setSure(true))}
    >
      {isSure ? words.sure : words.remove}
    </button>
  )
}

/** The end of the form of an entry: makes a new one, or changes one; and what else can be done with it. */
export function EntryButtons({ isNew, children }: { isNew: boolean; children?: ReactNode }) {
  const { world: words } = useChatWords()
  return (
    <div className="row">
      <button type="submit" className="button primary">
        {isNew ? words.create : words.change}
      </button>
      {children}
    </div>
  )
}

export function PeoplePicker({
  name,
  label,
  chosen = [],
}: {
  name: string
  label: string
  /** Who is ticked at first. */
  chosen?: readonly number[]
}) {
  const { world } = useRoom()
  return (
    <fieldset className="picker">
      <legend>{label}</legend>
      {world.users.map(({ user_id, nickname }) => (
        <label key={user_id} className="check">
          <input type="checkbox" name={name} value={user_id} defaultChecked={chosen.includes(user_id)} />
          {nickname}
        </label>
      ))}
    </fieldset>
  )
}

/** Does what a form says, and closes the form once that is done. */
export function useSave(onDone: () => void = () => undefined): (task: () => Promise<unknown>) => Promise<void> {
  const { world: words } = useChatWords()
  return async (task) => {
    const isDone = await attempt(async () => {
      await task()
      return true
    })
    if (!isDone) return
    toast('done', words.done)
    onDone()
  }
}

/** What there is of a kind, each opened by its name for a form, and a form for a new one. */
export function Entries<Entry>({
  entries,
  idOf,
  nameOf,
  face = (id) => ({ id, isSquare: true }),
  newLabel,
  form,
}: {
  entries: readonly Entry[]
  idOf: (entry: Entry) => string | number
  nameOf: (entry: Entry) => string
  /** How its picture is drawn. */
  face?: (id: string | number) => Omit<ComponentProps<typeof Avatar>, 'name' | 'size'>
  newLabel: string
  /** The form of one, or of a new one. */
  form: (entry: Entry | undefined, onDone: () => void) => ReactNode
}) {
  const [edited, setEdited] = useState<string | number>()
  const toggle = (id: string | number): void => setEdited(edited === id ? undefined : id)
  const close = (): void => setEdited(undefined)
  return (
    <div className="stack">
      <button type="button" className="button" onClick={() => toggle('')}>
        {newLabel}
      </button>
      {edited === '' && form(undefined, close)}
      <ul className="editor-list">
        {entries.map((entry) => {
          const id = idOf(entry)
          return (
            <li key={id}>
              <button type="button" className="person" aria-expanded={edited === id} onClick={() => toggle(id)}>
                <Avatar {...face(id)} name={nameOf(entry)} size={26} />
                <span className="grow person-name">{nameOf(entry)}</span>
                <span className="hint mono">{id}</span>
              </button>
              {edited === id && form(entry, close)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

export function NumberField({ name }: { name: string }) {
  const { world: words } = useChatWords()
  return (
    <Field label={`${words.number} (${words.numberHint})`}>
      <input name={name} inputMode="numeric" />
    </Field>
  )
}
