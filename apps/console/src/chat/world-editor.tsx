import { play } from '../kit/api.ts'
import { PersonOptions } from './person-options.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import {
  Entries,
  EntryButtons,
  Field,
  FieldForm,
  number,
  NumberField,
  numbers,
  PeoplePicker,
  RemoveButton,
  text,
  useSave,
} from './world-form.tsx'
import type { Group, User } from './world.ts'

export function People() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  return (
    <Entries
      entries={world.users}
      idOf={({ user_id }) => user_id}
      nameOf={({ nickname }) => nickname}
      face={(id) => ({ id, isBot: id === world.bot })}
      newLabel={words.newUser}
      form={(user, onDone) => <UserForm {...(user && { user })} onDone={onDone} />}
    />
  )
}

function UserForm({ user, onDone }: { user?: User; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const friendship = world.friends.find(({ user_id }) => user_id === user?.user_id)
  const isBot = user?.user_id === world.bot
  const save = useSave(onDone)
  const send = (fields: FormData): Promise<void> => {
    return save(() =>
      play(user ? 'update_user' : 'create_user', {
        user_id: user?.user_id ?? number(fields, 'user_id'),
        nickname: text(fields, 'nickname'),
        sex: text(fields, 'sex'),
        age: number(fields, 'age'),
        sign: text(fields, 'sign'),
        ...(!isBot && { friend: text(fields, 'friend') }),
        ...(!isBot && text(fields, 'friend') !== 'no' && { remark: text(fields, 'remark') }),
      }),
    )
  }
  return (
    <FieldForm onDone={send}>
      {!user && <NumberField name="user_id" />}
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
      <EntryButtons isNew={!user}>
        {user && !isBot && <RemoveButton onRemove={() => play('delete_user', { user_id: user.user_id })} />}
      </EntryButtons>
    </FieldForm>
  )
}

export function Groups() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  return (
    <Entries
      entries={world.groups}
      idOf={({ group_id }) => group_id}
      nameOf={({ group_name }) => group_name}
      face={(id) => ({ id: `group:${id}`, isSquare: true })}
      newLabel={words.newGroup}
      form={(group, onDone) => <GroupForm {...(group && { group })} onDone={onDone} />}
    />
  )
}

function GroupForm({ group, onDone }: { group?: Group; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const owner = group?.members.find(({ role }) => role === 'owner')?.user_id ?? world.bot
  const candidates = group
    ? world.users.filter(({ user_id }) => group.members.some((member) => member.user_id === user_id))
    : world.users
  const save = useSave(onDone)
  const send = (fields: FormData): Promise<void> => {
    return save(() =>
      play(group ? 'update_group' : 'create_group', {
        group_id: group?.group_id ?? number(fields, 'group_id'),
        group_name: text(fields, 'group_name'),
        owner_id: number(fields, 'owner_id'),
        group_memo: text(fields, 'group_memo'),
        max_member_count: number(fields, 'max_member_count'),
        anonymous: fields.has('anonymous'),
        ...(!group && { admin_ids: numbers(fields, 'admin_ids'), member_ids: numbers(fields, 'member_ids') }),
      }),
    )
  }
  return (
    <FieldForm onDone={send}>
      {!group && <NumberField name="group_id" />}
      <Field label={words.groupName}>
        <input name="group_name" required defaultValue={group?.group_name} />
      </Field>
      <Field label={words.owner}>
        <select name="owner_id" defaultValue={owner}>
          <PersonOptions people={candidates} />
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
      <EntryButtons isNew={!group}>
        {group && <RemoveButton onRemove={() => play('delete_group', { group_id: group.group_id })} />}
      </EntryButtons>
    </FieldForm>
  )
}
