import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { expect, test } from 'vitest'

/*
 * Every shape of event that go-cqhttp has, and the discuss messages of CQHTTP, made on the running program by a verb or
 * by an action of the bot, and heard over a WebSocket: each has the fields that go-cqhttp gives it and no others, but for
 * those after the plus sign, which are there besides.
 */

type Fields = Readonly<Record<string, unknown>>

const [ours, guests, archive] = [20001, 20002, 20003]
const channel = { guild_id: '40001', channel_id: '50001' }
const content = Buffer.from('a timetable').toString('base64')

const common = 'post_type time self_id'
const said = `${common} message_type message_id user_id message raw_message font`
const person = 'sender.user_id sender.nickname sender.sex sender.age'
const member = `${person} sender.card sender.area sender.level sender.role sender.title`
const notice = `${common} notice_type`
const inGroup = `${notice} group_id user_id`
const inGuild = `${notice} guild_id channel_id operator_id self_tiny_id user_id`
const file = 'file.name file.size file.url'
const infoOf = (name: string) =>
  [
    'channel_id',
    'channel_type',
    'channel_name',
    'owner_guild_id',
    'creator_tiny_id',
    'create_time',
    'talk_permission',
    'visible_type',
    'current_slow_mode',
    'slow_modes',
  ]
    .map((field) => `${name}.${field}`)
    .join(' ')
const reaction = ['emoji_id', 'emoji_index', 'emoji_type', 'emoji_name', 'count', 'clicked']
  .map((field) => `current_reactions.0.${field}`)
  .join(' ')
const status = ['online', 'good', 'app_initialized', 'app_enabled', 'app_good', 'plugins_good']
  .map((field) => `status.${field}`)
  .join(' ')
const statistics = [
  'packet_received',
  'packet_sent',
  'packet_lost',
  'message_received',
  'message_sent',
  'disconnect_times',
  'lost_times',
  'last_message_time',
]
  .map((field) => `status.stat.${field}`)
  .join(' ')

/** What an event says of its kind, and its fields; those of `message` are its own matter. */
const shapes: Readonly<Record<string, string>> = {
  'message private friend': `${said} sub_type target_id ${person} + message_seq`,
  'message_sent private friend': `${said} sub_type target_id ${person} + message_seq`,
  'message private group': `${said} sub_type temp_source ${person} sender.group_id + message_seq target_id`,
  'message group normal': `${said} sub_type message_seq group_id anonymous ${member}`,
  'message_sent group normal': `${said} sub_type message_seq group_id anonymous ${member}`,
  'message group anonymous': `${said} sub_type message_seq group_id anonymous.flag anonymous.id anonymous.name ${person} sender.area sender.level`,
  'message guild channel': `${common} message_type sub_type guild_id channel_id message_id user_id message self_tiny_id sender.user_id sender.tiny_id sender.nickname + raw_message`,
  'notice group_upload': `${inGroup} file.id ${file} file.busid`,
  'notice group_admin set': `${inGroup} sub_type`,
  'notice group_admin unset': `${inGroup} sub_type`,
  'notice group_increase approve': `${inGroup} sub_type operator_id`,
  'notice group_decrease leave': `${inGroup} sub_type operator_id`,
  'notice group_decrease kick': `${inGroup} sub_type operator_id`,
  'notice group_decrease kick_me': `${inGroup} sub_type operator_id`,
  'notice group_ban ban': `${inGroup} sub_type operator_id duration`,
  'notice group_ban lift_ban': `${inGroup} sub_type operator_id duration`,
  'notice friend_add': `${notice} user_id`,
  'notice group_recall': `${inGroup} operator_id message_id`,
  'notice friend_recall': `${notice} user_id message_id`,
  // Of a member of a group also where.
  'notice notify poke': `${notice} sub_type user_id sender_id target_id`,
  'notice notify lucky_king': `${inGroup} sub_type sender_id target_id`,
  'notice notify honor': `${inGroup} sub_type honor_type`,
  'notice notify title': `${inGroup} sub_type title`,
  'notice group_card': `${inGroup} card_new card_old`,
  'notice offline_file': `${notice} user_id ${file}`,
  'notice client_status': `${notice} online client.app_id client.device_name client.device_kind`,
  'notice essence add': `${notice} sub_type group_id sender_id operator_id message_id`,
  'notice essence delete': `${notice} sub_type group_id sender_id operator_id message_id`,
  'notice message_reactions_updated': `${inGuild} message_id ${reaction}`,
  'notice guild_channel_recall': `${inGuild} message_id`,
  'notice channel_updated': `${inGuild} ${infoOf('old_info')} ${infoOf('new_info')}`,
  'notice channel_created': `${inGuild} ${infoOf('channel_info')}`,
  'notice channel_destroyed': `${inGuild} ${infoOf('channel_info')}`,
  'request friend': `${common} request_type user_id comment flag`,
  'request group add': `${common} request_type sub_type group_id user_id comment flag invitor_id`,
  'request group invite': `${common} request_type sub_type group_id user_id comment flag invitor_id`,
  'meta_event lifecycle connect': `${common} meta_event_type sub_type`,
  'meta_event heartbeat': `${common} meta_event_type interval ${status} ${statistics}`,
}

/** What go-cqhttp does not have: an invited member, and the groups without roles of CQHTTP v2 to v4. */
const others: Readonly<Record<string, string>> = {
  'notice group_increase invite': `${inGroup} sub_type operator_id`,
  'message discuss': `${said} discuss_id ${person} + message_seq`,
  'message_sent discuss': `${said} discuss_id ${person} + message_seq`,
}

/** Everything that has to happen for each to be told, in this order. */
async function makeAll(program: Program): Promise<void> {
  const sandbox = <Data>(verb: string, params: object) => program.sandbox<Data>(verb, params)
  const call = <Data>(action: string, params: object) => program.call<Data>(action, params)
  const say = (as: number, where: object, message = 'x') =>
    sandbox<{ message_id: number | string }>('say', { as, message, ...where })
  const act = (action: string, params: object) => call<{ message_id: number }>(action, params)

  const toBot = await say(10001, {}, '早 "\\" \u2028\u{1F600}\ud800 &#91;[CQ:face,id=1]')
  await act('send_private_msg', { user_id: 10001, message: 'x' })
  await say(10004, {})
  const toGroup = await say(10001, { group_id: ours })
  await act('send_group_msg', { group_id: ours, message: 'x' })
  await say(10001, { group_id: ours, anonymous: true })
  await say(10001, { discuss_id: 30001 })
  await act('send_discuss_msg', { discuss_id: 30001, message: 'x' })
  const toChannel = await say(10001, channel)

  await sandbox('upload_file', { as: 10001, group_id: ours, name: 'a.txt', content })
  await sandbox('send_file', { as: 10001, name: 'a.txt', content })
  await act('set_group_admin', { group_id: ours, user_id: 10001 })
  await act('set_group_admin', { group_id: ours, user_id: 10001, enable: false })
  await sandbox('join', { as: 10005, group_id: ours })
  await sandbox('leave', { as: 10005, group_id: ours })
  await sandbox('join', { as: 10005, group_id: ours, invitor_id: 10001 })
  await sandbox('kick', { as: 10003, group_id: ours, user_id: 10005 })
  await sandbox('ban', { as: 10003, group_id: ours, user_id: 10001, value: 60 })
  await act('set_group_ban', { group_id: ours, user_id: 10001, duration: 0 })
  await sandbox('whole_ban', { as: 10003, group_id: ours })
  await sandbox('whole_ban', { as: 10003, group_id: ours, value: false })
  await sandbox('poke', { as: 10001, group_id: ours, target_id: 10000 })
  await sandbox('poke', { as: 10001, target_id: 10000 })
  await sandbox('red_packet', { as: 10001, group_id: ours, title: 'luck', lucky: 10002 })
  await sandbox('honor', { group_id: ours, user_id: 10001, honor_type: 'talkative' })
  await act('set_group_special_title', { group_id: ours, user_id: 10001, special_title: 'Star' })
  await sandbox('set_card', { as: 10001, group_id: ours, value: 'Al' })
  await sandbox('client', { app_id: 1, device_name: 'iPad', device_kind: 'tablet' })
  await sandbox('client', { app_id: 1, online: false })
  await sandbox('essence', { as: 10003, message_id: toGroup.message_id, add: true })
  await act('delete_essence_msg', { message_id: toGroup.message_id })
  await sandbox('recall', { as: 10001, message_id: toGroup.message_id })
  await sandbox('recall', { as: 10001, message_id: toBot.message_id })
  await sandbox('react', { as: 10001, message_id: toChannel.message_id, emoji_id: '66' })
  await sandbox('recall', { as: 10001, message_id: toChannel.message_id })
  const opened = await sandbox<{ channel_id: string }>('channel', {
    as: 10003,
    guild_id: channel.guild_id,
    change: 'create',
    channel_name: 'new',
  })
  const change = { as: 10003, guild_id: channel.guild_id, channel_id: opened.channel_id }
  await sandbox('channel', { ...change, change: 'update', channel_name: 'newer' })
  await sandbox('channel', { ...change, change: 'destroy' })

  const { flag } = await sandbox<{ flag: string }>('request_friend', { as: 10004, comment: 'hi' })
  await call('set_friend_add_request', { flag })
  await sandbox('request_join', { as: 10005, group_id: ours, comment: 'hi' })
  await sandbox('invite', { as: 10002, group_id: archive })
  await sandbox('kick', { as: 10003, group_id: guests, user_id: 10000 })
}

/** What kind of event it is, as the table calls it. */
function kindOf(event: Fields): string {
  const post = String(event['post_type'])
  const type = event[`${post === 'message_sent' ? 'message' : post}_type`]
  return [post, type, event['sub_type']].filter((word) => typeof word === 'string').join(' ')
}

/** The paths of all that an event says. */
function fieldsOf(value: Fields, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && key !== 'message' && Object.keys(inner).length > 0
      ? fieldsOf(inner as Fields, `${path}${key}.`)
      : [path + key],
  )
}

test('every shape of event is told with every field', { timeout: 60_000 }, async () => {
  expect(Object.keys(shapes)).toHaveLength(38)
  await using program = await startProgram({
    config: 'defaults: { report_self_message: true }\nbots: [{ heartbeat_interval: 0.2, backend: { type: sandbox } }]',
  })
  const heard: Fields[] = []
  const socket = new WebSocket(`${program.url.replace('http', 'ws')}/event`)
  const hears = (kind: string) =>
    new Promise<void>((resolve) => {
      const listen = () => {
        if (!heard.some((event) => kindOf(event) === kind)) return
        socket.removeEventListener('message', listen)
        resolve()
      }
      socket.addEventListener('message', listen)
    })
  const texts: string[] = []
  socket.addEventListener('message', ({ data }) => {
    texts.push(String(data))
    heard.push(JSON.parse(String(data)) as Fields)
  })
  await hears('meta_event lifecycle connect')
  const last = hears('notice group_decrease kick_me')
  const beat = hears('meta_event heartbeat')
  await makeAll(program)
  await Promise.all([last, beat])
  socket.close()

  // Koishi signs what it writes anew of a webhook, and compares.
  expect(texts.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(texts)
  const expected = { ...shapes, ...others }
  expect([...new Set(heard.map(kindOf))].toSorted()).toEqual(Object.keys(expected).toSorted())
  for (const event of heard) {
    const kind = kindOf(event)
    const fields = expected[kind]!.split(' ').filter((field) => field !== '+')
    if (kind === 'notice notify poke' && Object.hasOwn(event, 'group_id')) fields.push('group_id')
    expect([kind, ...fieldsOf(event).toSorted()]).toEqual([kind, ...fields.toSorted()])
  }
  // What was of CQHTTP is true for ever, `plugins_good` as well: clients read it as a boolean.
  const ofOld = { app_initialized: true, app_enabled: true, plugins_good: true, app_good: true }
  expect(await program.call('get_status')).toMatchObject(ofOld)
  expect(heard).toContainEqual(expect.objectContaining({ interval: 200, status: expect.objectContaining(ofOld) }))
})
