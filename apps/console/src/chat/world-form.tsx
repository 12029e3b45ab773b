import { useState } from 'react'
import type { ReactNode } from 'react'
import { attempt } from '../kit/toast.ts'
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
