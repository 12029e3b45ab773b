import type { Profile } from '../profile.ts'
import { fieldsOf, rename } from '../reading.ts'
import { fileSegment, goneFromQq, missing, renamed, unsentOnNtqq } from './rows.ts'

/**
 * LLOneBot, today LuckyLilliaBot.
 * @see https://github.com/LLOneBot/LuckyLilliaBot
 */
export const llonebot: Profile = {
  name: 'llonebot',
  appName: /^(?:llonebot|llbot|luckylillia)/i,
  isUnanswered: ({ wording }) => /timeout/i.test(wording),
  actions: {
    ...goneFromQq,
    ...missing('it has no such call', ['_get_group_info', '_get_friend_list', 'get_unidirectional_friend_list']),
    get_online_clients: {
      verdict: 'repaired',
      why: 'it does not tell of other devices: the list is empty',
      local: () => ({ clients: [] }),
    },
    _del_group_notice: { verdict: 'repaired', why: 'it goes by another name', as: '_delete_group_notice' },
    get_forward_msg: { verdict: 'repaired', why: 'the id must be text' },
    get_group_info: { verdict: 'lossy', why: 'group_level is not told: it is 0' },
    get_group_list: { verdict: 'lossy', why: 'group_level is not told: it is 0; no_cache is always given' },
    get_stranger_info: {
      verdict: 'repaired',
      why: 'the signature goes by another name',
      tell: (data) => rename(fieldsOf(data), { long_nick: 'sign' }),
    },
    _send_group_notice: { verdict: 'lossy', why: 'the id of the new notice is not told' },
    set_qq_profile: { verdict: 'lossy', why: 'company, email and college are ignored' },
    send_private_msg: { verdict: 'repaired', why: 'a send that it calls timed out is looked for before it is failed' },
    send_group_msg: { verdict: 'repaired', why: 'a send that it calls timed out is looked for before it is failed' },
    get_group_file_url: { verdict: 'lossy', why: 'file ids are its own: those of go-cqhttp are worthless' },
    delete_group_file: { verdict: 'lossy', why: 'file ids are its own: those of go-cqhttp are worthless' },
  },
  events: {},
  incoming: {
    dice: renamed('dice', { result: 'value' }),
    rps: renamed('rps', { result: 'value' }),
    file: fileSegment,
  },
  outgoing: {
    ...unsentOnNtqq,
    reply: {
      unsupported: 'it quotes only messages that there are',
      when: ({ data }) => (data['id'] ?? '') === '' && data['text'] !== undefined,
    },
    dice: { become: ({ data }) => renamed('dice', { value: 'result' })(data) },
    rps: { become: ({ data }) => renamed('rps', { value: 'result' })(data) },
  },
}
