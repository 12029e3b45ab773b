import { useState } from 'react'
import { play } from '../kit/api.ts'
import { attempt, toast } from '../kit/toast.ts'
import { Avatar } from './avatar.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { Field, FieldForm, number, numbers, PeoplePicker, RemoveButton, text } from './world-form.tsx'
import type { Group, User } from './world.ts'

export function People() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const [edited, setEdited] = useState<number>()
  return (
    <div className="stack">
      <button type="button" className="button" onClick={() => setEdited(edited === 0 ? undefined : 0)}>
        {words.newUser}
      </button>
      {edited === 0 && <UserForm onDone={() => setEdited(undefined)} />}
      <ul className="editor-list">
        {world.users.map((user) => (
          <li key={user.user_id}>
            <button
              type="button"
              className="person"
              aria-expanded={edited === user.user_id}
              onClick={() => setEdited(edited === user.user_id ? undefined : user.user_id)}
            >
              <Avatar id={user.user_id} name={user.nickname} size={26} isBot={user.user_id === world.bot} />
              <span className="grow person-name">{user.nickname}</span>
              <span className="hint mono">{user.user_id}</span>
            </button>
            {edited === user.user_id && <UserForm user={user} onDone={() => setEdited(undefined)} />}
          </li>
        ))}
      </ul>
    </div>
  )
}

function UserForm({ user, onDone }: { user?: User; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const friendship = world.friends.find(({ user_id }) => user_id === user?.user_id)
  const isBot = user?.user_id === world.bot
  const save = async (fields: FormData): Promise<void> => {
    const saved = await attempt(async () => {
      await play(user ? 'update_user' : 'create_user', {
        user_id: user?.user_id ?? number(fields, 'user_id'),
        nickname: text(fields, 'nickname'),
        sex: text(fields, 'sex'),
        age: number(fields, 'age'),
        sign: text(fields, 'sign'),
        ...(!isBot && { friend: text(fields, 'friend') }),
        ...(!isBot && text(fields, 'friend') !== 'no' && { remark: text(fields, 'remark') }),
      })
      return true
    })
    if (!saved) return
    toast('done', words.done)
    onDone()
  }
  return (
    <FieldForm onDone={save}>
      {!user && (
        <Field label={`${words.number} (${words.numberHint})`}>
          <input name="user_id" inputMode="numeric" />
        </Field>
      )}
      <Field label={words.nickname}>
        <input name="nickname" required defaultValue={user?.nickname} />
      </Field>
      {!isBot && (
        <>
          <Field label={words.friend}>
            <select name="friend" defaultValue={friendship?.direction ?? 'no'}>
              {Object.entries(words.friends).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
          <Field label={words.remark}>
            <input name="remark" defaultValue={friendship?.remark} />
          </Field>
        </>
      )}
      <Field label={words.sex}>
        <select name="sex" defaultValue={user?.sex ?? 'unknown'}>
          {Object.entries(words.sexes).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Field label={words.age}>
        <input name="age" type="number" min={0} defaultValue={user?.age ?? 20} />
      </Field>
      <Field label={words.sign}>
        <input name="sign" defaultValue={user?.sign} />
      </Field>
      <div className="row">
        <button type="submit" className="button primary">
          {user ? words.change : words.create}
        </button>
        {user && !isBot && <RemoveButton onRemove={() => play('delete_user', { user_id: user.user_id })} />}
      </div>
    </FieldForm>
  )
}

export function Groups() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const [edited, setEdited] = useState<number>()
  return (
    <div className="stack">
      <button type="button" className="button" onClick={() => setEdited(edited === 0 ? undefined : 0)}>
        {words.newGroup}
      </button>
      {edited === 0 && <GroupForm onDone={() => setEdited(undefined)} />}
      <ul className="editor-list">
        {world.groups.map((group) => (
          <li key={group.group_id}>
            <button
              type="button"
              className="person"
              aria-expanded={edited === group.group_id}
              onClick={() => setEdited(edited === group.group_id ? undefined : group.group_id)}
            >
              <Avatar id={`group:${group.group_id}`} name={group.group_name} size={26} isSquare />
              <span className="grow person-name">{group.group_name}</span>
              <span className="hint mono">{group.group_id}</span>
            </button>
            {edited === group.group_id && <GroupForm group={group} onDone={() => setEdited(undefined)} />}
          </li>
        ))}
      </ul>
    </div>
  )
}

function GroupForm({ group, onDone }: { group?: Group; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const owner = group?.members.find(({ role }) => role === 'owner')?.user_id ?? world.bot
  const candidates = group
    ? world.users.filter(({ user_id }) => group.members.some((member) => member.user_id === user_id))
    : world.users
  const save = async (fields: FormData): Promise<void> => {
    const saved = await attempt(async () => {
      await play(group ? 'update_group' : 'create_group', {
        group_id: group?.group_id ?? number(fields, 'group_id'),
        group_name: text(fields, 'group_name'),
        owner_id: number(fields, 'owner_id'),
        group_memo: text(fields, 'group_memo'),
        max_member_count: number(fields, 'max_member_count'),
        anonymous: fields.has('anonymous'),
        ...(!group && { admin_ids: numbers(fields, 'admin_ids'), member_ids: numbers(fields, 'member_ids') }),
      })
      return true
    })
    if (!saved) return
    toast('done', words.done)
    onDone()
  }
  return (
    <FieldForm onDone={save}>
      {!group && (
        <Field label={`${words.number} (${words.numberHint})`}>
          <input name="group_id" inputMode="numeric" />
        </Field>
      )}
      <Field label={words.groupName}>
        <input name="group_name" required defaultValue={group?.group_name} />
      </Field>
      <Field label={words.owner}>
        <select name="owner_id" defaultValue={owner}>
          {candidates.map(({ user_id, nickname }) => (
            <option key={user_id} value={user_id}>
              {nickname} {user_id}
            </option>
          ))}
        </select>
      </Field>
      {!group && (
        <>
          <PeoplePicker name="admin_ids" label={words.admins} />
          <PeoplePicker name="member_ids" label={words.groupMembers} />
        </>
      )}
      <Field label={words.memo}>
        <input name="group_memo" defaultValue={group?.group_memo} />
      </Field>
      <Field label={words.most}>
        <input name="max_member_count" type="number" min={1} defaultValue={group?.max_member_count ?? 200} />
      </Field>
      <label className="check">
        <input type="checkbox" name="anonymous" defaultChecked={group?.anonymous ?? true} />
        {words.anonymous}
      </label>
      <div className="row">
        <button type="submit" className="button primary">
          {group ? words.change : words.create}
        </button>
        {group && <RemoveButton onRemove={() => play('delete_group', { group_id: group.group_id })} />}
      </div>
    </FieldForm>
  )
}
