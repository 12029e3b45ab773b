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
import type { World } from './world.ts'

type Discuss = World['discusses'][number]
type Guild = World['guilds'][number]

export function Discusses() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  return (
    <Entries
      entries={world.discusses}
      idOf={({ discuss_id }) => String(discuss_id)}
      nameOf={({ discuss_name }) => discuss_name}
      newLabel={words.newDiscuss}
      form={(discuss, onDone) => <DiscussForm {...(discuss && { discuss })} onDone={onDone} />}
    />
  )
}

function DiscussForm({ discuss, onDone }: { discuss?: Discuss; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const save = useSave(onDone)
  const send = (fields: FormData): Promise<void> => {
    return save(() =>
      play(discuss ? 'update_discuss' : 'create_discuss', {
        discuss_id: discuss?.discuss_id ?? number(fields, 'discuss_id'),
        discuss_name: text(fields, 'discuss_name'),
        member_ids: numbers(fields, 'member_ids'),
      }),
    )
  }
  return (
    <FieldForm onDone={send}>
      {!discuss && <NumberField name="discuss_id" />}
      <Field label={words.groupName}>
        <input name="discuss_name" required defaultValue={discuss?.discuss_name} />
      </Field>
      <PeoplePicker name="member_ids" label={words.groupMembers} chosen={discuss?.member_ids ?? [world.bot]} />
      <EntryButtons isNew={!discuss}>
        {discuss && <RemoveButton onRemove={() => play('delete_discuss', { discuss_id: discuss.discuss_id })} />}
      </EntryButtons>
    </FieldForm>
  )
}

export function Guilds() {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  return (
    <Entries
      entries={world.guilds}
      idOf={({ guild_id }) => guild_id}
      nameOf={({ guild_name }) => guild_name}
      newLabel={words.newGuild}
      form={(guild, onDone) => (
        <>
          <GuildForm {...(guild && { guild })} onDone={onDone} />
          {guild && <Channels guild={guild} />}
        </>
      )}
    />
  )
}

function GuildForm({ guild, onDone }: { guild?: Guild; onDone: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const are = (standing: string): readonly number[] =>
    (guild?.members ?? []).filter((member) => member.standing === standing).map(({ user_id }) => user_id)
  const [owner = world.bot] = are('owner')
  // Only a member can become the owner of a guild that is there.
  const candidates = world.users.filter(
    ({ user_id }) => !guild || guild.members.some((member) => member.user_id === user_id),
  )
  const save = useSave(onDone)
  const send = (fields: FormData): Promise<void> => {
    const channels = text(fields, 'channels')
      .split('\n')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    return save(() =>
      play(guild ? 'update_guild' : 'create_guild', {
        guild_id: guild?.guild_id ?? (text(fields, 'guild_id') || undefined),
        guild_name: text(fields, 'guild_name'),
        guild_profile: text(fields, 'guild_profile'),
        owner_id: number(fields, 'owner_id'),
        admin_ids: numbers(fields, 'admin_ids'),
        member_ids: numbers(fields, 'member_ids'),
        ...(!guild && { channels: channels.map((channel_name) => ({ channel_name })) }),
      }),
    )
  }
  return (
    <FieldForm onDone={send}>
      {!guild && <NumberField name="guild_id" />}
      <Field label={words.groupName}>
        <input name="guild_name" required defaultValue={guild?.guild_name} />
      </Field>
      <Field label={words.memo}>
        <input name="guild_profile" defaultValue={guild?.guild_profile} />
      </Field>
      <Field label={words.owner}>
        <select name="owner_id" defaultValue={owner}>
          <PersonOptions people={candidates} />
        </select>
      </Field>
      <PeoplePicker name="admin_ids" label={words.admins} chosen={are('admin')} />
      <PeoplePicker name="member_ids" label={words.groupMembers} chosen={are('member')} />
      {!guild && (
        <Field label={`${words.channels} (${words.channelsHint})`}>
          <textarea name="channels" rows={3} />
        </Field>
      )}
      <EntryButtons isNew={!guild}>
        {guild && <RemoveButton onRemove={() => play('delete_guild', { guild_id: guild.guild_id })} />}
      </EntryButtons>
    </FieldForm>
  )
}

/** The channels of a guild, which those who manage it open, rename and close. */
function Channels({ guild }: { guild: Guild }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const save = useSave()
  const manager = guild.members.find(({ standing, user_id }) => standing !== 'member' && user_id !== world.bot)
  if (!manager) return <p className="hint">{words.noManager}</p>
  const change = (params: Readonly<Record<string, unknown>>) =>
    play('channel', { as: manager.user_id, guild_id: guild.guild_id, ...params })
  const rename = (fields: FormData, channel: Readonly<Record<string, unknown>>): Promise<void> =>
    save(() => change({ ...channel, channel_name: text(fields, 'channel_name') }))
  return (
    <section className="stack" aria-label={words.channels}>
      {guild.channels.map(({ channel_id, channel_name }) => (
        <FieldForm key={channel_id} onDone={(fields) => rename(fields, { channel_id })}>
          <Field label={`${words.channel} ${channel_id}`}>
            <input name="channel_name" required defaultValue={channel_name} />
          </Field>
          <div className="row">
            <button type="submit" className="button">
              {words.change}
            </button>
            <RemoveButton onRemove={() => change({ change: 'destroy', channel_id })} />
          </div>
        </FieldForm>
      ))}
      <FieldForm key={guild.channels.length} onDone={(fields) => rename(fields, { change: 'create' })}>
        <Field label={words.newChannel}>
          <input name="channel_name" required />
        </Field>
        <button type="submit" className="button">
          {words.create}
        </button>
      </FieldForm>
    </section>
  )
}
