import type { ActionRow, Profile } from '../profile.ts'
import { missing, pokeSegment } from './rows.ts'

const lendsPath: ActionRow = {
  verdict: 'lossy',
  why: 'it takes files only by a path on its own disk: the file must lie where both sides see it',
  byPath: true,
}

/** go-cqhttp itself, which everything is measured by: what it never had is absent, the rest is as it is. */
export const goCqhttp: Profile = {
  name: 'go-cqhttp',
  appName: /^go-cqhttp/i,
  actions: {
    ...missing('go-cqhttp never had it', [
      'send_discuss_msg',
      'set_discuss_leave',
      'send_like',
      'set_qq_avatar',
      '_get_vip_info',
      '_get_friend_list',
      'set_friend_remark',
      'set_input_status',
      '_get_group_info',
      'set_group_remark',
      'get_group_ignored_notifies',
      'set_msg_emoji_like',
      'fetch_emoji_like',
      'get_private_file_url',
      'move_group_file',
      'rename_group_file',
      'rename_group_file_folder',
      'mark_private_msg_as_read',
      'mark_group_msg_as_read',
      '_mark_all_as_read',
      'get_friend_msg_history',
      'get_record',
      'get_cookies',
      'get_csrf_token',
      'get_credentials',
    ]),
    upload_group_file: lendsPath,
    upload_private_file: lendsPath,
    set_self_longnick: {
      verdict: 'repaired',
      why: 'the signature is part of set_qq_profile',
      as: 'set_qq_profile',
      ask: ({ longNick }) => ({ personal_note: longNick }),
    },
    group_poke: {
      verdict: 'repaired',
      why: 'a poke is a segment of a message',
      by: ({ group_id, user_id }, call) => call('send_group_msg', { group_id, message: [pokeSegment(user_id)] }),
    },
    friend_poke: {
      verdict: 'repaired',
      why: 'a poke is a segment of a message',
      by: ({ user_id, target_id }, call) =>
        call('send_private_msg', { user_id, message: [pokeSegment(target_id ?? user_id)] }),
    },
    set_group_leave: { verdict: 'lossy', why: 'the owner cannot end a group: is_dismiss is ignored' },
    set_friend_add_request: { verdict: 'lossy', why: 'the remark is ignored' },
    set_group_special_title: { verdict: 'lossy', why: 'the duration is ignored' },
  },
  events: {},
  incoming: {},
  outgoing: {
    gift: { unsupported: 'gifts were never built' },
    shake: { unsupported: 'there is no such segment' },
    anonymous: { unsupported: 'there is no such segment' },
    contact: { unsupported: 'there is no such segment' },
    location: { unsupported: 'there is no such segment' },
    redbag: { unsupported: 'red packets can only be received' },
    file: { unsupported: 'it takes file segments and sends nothing; use upload_group_file or upload_private_file' },
    mface: { unsupported: 'there is no such segment' },
    emoji: { unsupported: 'there is no such segment' },
    music: {
      become: ({ type, data }) => {
        const sound = data['audio'] ?? data['voice']
        return { type, data: sound === undefined ? data : { ...data, audio: sound, voice: sound } }
      },
    },
  },
}
