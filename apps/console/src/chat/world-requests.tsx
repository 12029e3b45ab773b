import { useState } from 'react'
import { play } from '../kit/api.ts'
import { attempt, toast } from '../kit/toast.ts'
import { PersonOptions } from './person-options.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { groupOf, nameOfUser } from './world.ts'
import type { RequestNote } from './world.ts'

const verbs = { friend: 'request_friend', add: 'request_join', invite: 'invite' } as const

/** What people ask of the bot, and what it answered. */
export function Requests() {
  const { requests: words } = useChatWords()
  const { world } = useRoom()
  const isIn = (group: number): boolean =>
    groupOf(world, group)?.members.some(({ user_id }) => user_id === world.bot) ?? false
  const [who, setWho] = useState(() => String(world.users.find(({ user_id }) => user_id !== world.bot)?.user_id ?? ''))
  const [what, setWhat] = useState<keyof typeof verbs>('friend')
  const [group, setGroup] = useState('')
  const [comment, setComment] = useState('')
  const groups = world.groups.filter(({ group_id }) => isIn(group_id) === (what === 'add'))
  const chosen = groups.find(({ group_id }) => String(group_id) === group) ?? groups[0]
  const ask = async (): Promise<void> => {
    const told = await attempt(() =>
      play<unknown>(verbs[what], {
        as: Number(who),
        ...(what !== 'friend' && { group_id: chosen?.group_id }),
        ...(what !== 'invite' && { comment }),
      }),
    )
    if (told) toast('done', words.told)
  }
  const open = world.requests.filter(({ answer }) => answer === null)
  const answered = world.requests.filter(({ answer }) => answer !== null).toReversed()
  return (
    <div className="stack">
      <form
        className="card form"
        onSubmit={(event) => {
          event.preventDefault()
          void ask()
        }}
      >
        <h3>{words.ask}</h3>
        <label className="field">
          <span>{words.who}</span>
          <select value={who} onChange={(event) => setWho(event.target.value)}>
            <PersonOptions people={world.users.filter(({ user_id }) => user_id !== world.bot)} />
          </select>
        </label>
        <label className="field">
          <span>{words.what}</span>
          <select value={what} onChange={(event) => setWhat(event.target.value as keyof typeof verbs)}>
            {Object.entries(words.types).map(([type, label]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {what !== 'friend' && (
          <label className="field">
            <span>{words.group}</span>
            <select value={chosen?.group_id ?? ''} onChange={(event) => setGroup(event.target.value)}>
              {groups.map(({ group_id, group_name }) => (
                <option key={group_id} value={group_id}>
                  {group_name} {group_id}
                </option>
              ))}
            </select>
          </label>
        )}
        {what !== 'invite' && (
          <label className="field">
            <span>{words.comment}</span>
            <input value={comment} onChange={(event) => setComment(event.target.value)} />
          </label>
        )}
        <button type="submit" className="button primary">
          {words.send}
        </button>
      </form>
      {world.requests.length === 0 && <p className="hint">{words.none}</p>}
      {open.length > 0 && <h3>{words.pending}</h3>}
      {open.map((request) => (
        <RequestCard key={request.flag} request={request} />
      ))}
      {answered.length > 0 && <h3>{words.answered}</h3>}
      {answered.map((request) => (
        <RequestCard key={request.flag} request={request} />
      ))}
    </div>
  )
}

function RequestCard({ request }: { request: RequestNote }) {
  const { requests: words } = useChatWords()
  const { world } = useRoom()
  const { type, user_id, group_id, comment, answer, flag } = request
  const managers = (groupOf(world, group_id)?.members ?? []).filter(
    (member) => member.role !== 'member' && member.user_id !== world.bot,
  )
  const reply = (as: number, approve: boolean) => void attempt(() => play('answer_request', { as, flag, approve }))
  return (
    <article className="card request">
      <p>
        <strong>
          {words.sentence[type](nameOfUser(world, user_id), groupOf(world, group_id)?.group_name ?? String(group_id))}
        </strong>
      </p>
      {comment && <p>“{comment}”</p>}
      {answer ? (
        <p>
          <span className={answer.approve ? 'tag good' : 'tag bad'}>
            {answer.approve
              ? words.approved(nameOfUser(world, answer.actor))
              : words.refused(nameOfUser(world, answer.actor), answer.reason)}
          </span>
        </p>
      ) : (
        <div className="row">
          <span className="tag warn">{words.waits}</span>
          {type === 'add' &&
            managers.map((manager) => (
              <span key={manager.user_id} className="row">
                <span className="hint">
                  {words.answerAs} {nameOfUser(world, manager.user_id)}
                </span>
                <button type="button" className="button" onClick={() => reply(manager.user_id, true)}>
                  {words.approve}
                </button>
                <button type="button" className="button" onClick={() => reply(manager.user_id, false)}>
                  {words.refuse}
                </button>
              </span>
            ))}
        </div>
      )}
      <p className="hint mono">{`${words.flag} ${flag}`}</p>
    </article>
  )
}
