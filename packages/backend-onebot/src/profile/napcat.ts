import type { Profile } from '../profile.ts'
import { fieldsOf, listOf, numberOf, rename, textOf } from '../reading.ts'
import type { Fields } from '../reading.ts'
import { fileSegment, goneFromQq, groupRequests, missing, renamed, unsentOnNtqq } from './rows.ts'

/** Its `message_seq` is the message_id again; the sequence stands in `real_seq`. */
function withRealSeq(event: Fields): Fields {
  const seq = numberOf(event['real_seq'])
  return seq === undefined ? { ...event, message_seq: undefined } : { ...event, message_seq: seq }
}

/**
 * NapCat.
 * @see https://github.com/NapNeko/NapCatQQ
 */
export const napcat: Profile = {
  name: 'napcat',
  appName: /^napcat/i,
  isUnanswered: ({ wording }) => /timeout/i.test(wording),
  forgets: (wording) => wording.includes('不存在'),
  historyFrom: 'message_id',
  message: withRealSeq,
  actions: {
    ...goneFromQq,
    ...missing('it has no such call', ['_get_group_info', '_get_friend_list', 'get_credentials']),
    get_online_clients: {
      verdict: 'repaired',
      why: 'the list comes bare and always empty',
      tell: (data) => (Array.isArray(data) ? { clients: data } : data),
    },
    get_group_msg_history: {
      verdict: 'repaired',
      why: 'message_seq is the id of a message there, and a chat in which nothing was said is an error',
    },
    get_friend_msg_history: { verdict: 'repaired', why: 'message_seq is the id of a message there' },
    get_forward_msg: { verdict: 'repaired', why: 'the content of a message is called message' },
    delete_msg: {
      verdict: 'repaired',
      why: 'it knows the last 5000 messages since its start: older ones are looked for in the history again',
    },
    set_essence_msg: { verdict: 'repaired', why: 'messages that it has forgotten are looked for in the history again' },
    delete_essence_msg: {
      verdict: 'repaired',
      why: 'messages that it has forgotten are looked for in the history again',
    },
    get_essence_msg_list: { verdict: 'repaired', why: 'sender_time is not told: it is taken from our memory' },
    get_group_info: { verdict: 'lossy', why: 'group_create_time and group_level are not told: both are 0' },
    get_group_list: { verdict: 'lossy', why: 'group_create_time and group_level are not told: both are 0' },
    get_stranger_info: {
      verdict: 'lossy',
      why: 'level and sign go by other names; login_days is always 0',
      tell: (data) => rename(fieldsOf(data), { qqLevel: 'level', long_nick: 'sign' }),
    },
    get_unidirectional_friend_list: {
      verdict: 'repaired',
      why: 'fields go by other names',
      tell: (data) => listOf(data).map((friend) => rename(friend, { uin: 'user_id', nick_name: 'nickname' })),
    },
    get_group_system_msg: {
      verdict: 'repaired',
      why: 'who asks to join is called invitor_uin',
      tell: (data) => {
        const { invited_requests, InvitedRequest, join_requests } = fieldsOf(data)
        return groupRequests(invited_requests ?? InvitedRequest, join_requests)
      },
    },
    _send_group_notice: { verdict: 'lossy', why: 'the id of the new notice is not told' },
    set_qq_profile: {
      verdict: 'lossy',
      why: 'company, email and college are ignored; the nickname must always be given',
    },
    set_group_leave: { verdict: 'lossy', why: 'it does not say whether a group was ended' },
    set_group_ban: { verdict: 'repaired', why: 'without a duration it would lift the ban: one is always sent' },
    send_private_msg: { verdict: 'repaired', why: 'a send that it calls timed out is looked for before it is failed' },
    send_group_msg: { verdict: 'repaired', why: 'a send that it calls timed out is looked for before it is failed' },
    get_group_file_url: { verdict: 'lossy', why: 'file ids are its own: those of go-cqhttp are worthless' },
    delete_group_file: { verdict: 'lossy', why: 'file ids are its own: those of go-cqhttp are worthless' },
  },
  events: {
    async 'notice.essence'(event, call) {
      // It says `add` of both; the list knows better.
      const list = listOf(await call('get_essence_msg_list', { group_id: event['group_id'] }))
      const isThere = list.some(({ message_id }) => textOf(message_id) === textOf(event['message_id']))
      return { ...event, sub_type: isThere ? 'add' : 'delete' }
    },
    'notice.group_decrease.disband': (event) => ({ ...event, sub_type: 'kick_me' }),
  },
  incoming: {
    // A face carries the whole element of QQ, as an object.
    face: renamed('face', {}, 'raw', 'resultId', 'chainCount'),
    image: renamed('image', { sub_type: 'subType' }),
    dice: renamed('dice', { result: 'value' }),
    rps: renamed('rps', { result: 'value' }),
    file: fileSegment,
  },
  outgoing: {
    ...unsentOnNtqq,
    contact: { unsupported: 'it sends no contacts' },
    reply: {
      unsupported: 'it quotes only messages that there are',
      when: ({ data }) => (data['id'] ?? '') === '' && data['text'] !== undefined,
    },
    dice: {
      unsupported: 'the value of a die is not for the sender to choose',
      when: ({ data }) => data['value'] !== undefined,
    },
    rps: { unsupported: 'the value is not for the sender to choose', when: ({ data }) => data['value'] !== undefined },
  },
}
