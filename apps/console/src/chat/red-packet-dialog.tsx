import { useState } from 'react'
import { play } from '../kit/api.ts'
import { Dialog } from '../kit/dialog.tsx'
import { attempt } from '../kit/toast.ts'
import { useChatWords } from './words.ts'
import type { Person } from './world.ts'

/** Gives a group a red packet. */
export function RedPacketDialog({
  group,
  giver,
  people,
  onClose,
}: {
  group: number
  giver: number
  people: readonly Person[]
  onClose: () => void
}) {
  const { redPacket: words } = useChatWords()
  const [title, setTitle] = useState('恭喜发财')
  const [lucky, setLucky] = useState('')
  const give = async (): Promise<void> => {
    const given = await attempt(() =>
      play('red_packet', { as: giver, group_id: group, title, ...(lucky && { lucky: Number(lucky) }) }),
    )
    if (given) onClose()
  }
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void give()
        }}
      >
        <label className="field">
          <span>{words.wish}</span>
          <input value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label className="field">
          <span>{words.lucky}</span>
          <select value={lucky} onChange={(event) => setLucky(event.target.value)}>
            <option value="">{words.chance}</option>
            {people.map(({ user_id, name }) => (
              <option key={user_id} value={user_id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button primary">
          {words.give}
        </button>
      </form>
    </Dialog>
  )
}
