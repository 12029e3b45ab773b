import { readFile } from 'node:fs/promises'
import { createMemoryFiles } from '@seekyou/testkit'
import type { ActionName } from '@seekyou/actions'
import { expect, it } from 'vitest'
import { answerOf, base64, file, images, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

/*
 * Every rule of the README, once kept and once broken: what is refused is refused with these very words, and nothing is
 * different afterwards. How far a rule reaches is in the tests beside the file that holds it.
 */

type Call = (run: Run) => Promise<unknown>

/** What is allowed, what is not, and what the latter answers; before both, what they take. */
type Rule = [title: string, allowed: Call, refused: Call, answer: string, before?: (run: Run) => Promise<Run | void>]

const act =
  (action: ActionName, params: object = {}): Call =>
  async (run) =>
    run.act(action, params)
const play =
  (verb: string, params: object = {}): Call =>
  async (run) =>
    run.play(verb, params)

/** Does some things one after the other. */
const after =
  (...calls: readonly Call[]) =>
  async (run: Run) => {
    for (const call of calls) await call(run)
  }
const times = (count: number, call: Call) => after(...Array.from({ length: count }, () => call))
/** Lets time pass. */
const later =
  (seconds: number): Call =>
  async (run) =>
    run.clock.advance(seconds * 1000)
/** Goes on in a world of which some documents are different. */
const inChanged =
  (changes: Readonly<Record<string, object>>, ...before: readonly Call[]) =>
  async (run: Run) => {
    await after(...before)(run)
    return restart(run, changes)
  }

const [bot, alice, bob, carol, dave, erin] = [10000, 10001, 10002, 10003, 10004, 10005]
/** Of the first the bot is the owner and Carol an admin; in the second it is a plain member, in the third it is not. */
const [ours, guests, archive] = [20001, 20002, 20003]
const guild = { guild_id: '40001' }
const [texts, voices, topics] = ['50001', '50002', '50003'].map((channel_id) => ({ ...guild, channel_id }))
const tiny = (id: number) => String(144_115_218_000_000_000n + BigInt(id))

const say = (as: number, params: object, message: unknown = 'x') => play('say', { as, message, ...params })
const send = (group_id: number, message: unknown = 'x') => act('send_group_msg', { group_id, message })
const tell = (user_id: number, message: unknown = 'x') => act('send_private_msg', { user_id, message })
const segment = (type: string, data: object = {}) => [{ type, data }]
const sent = (message: unknown) => send(ours, message)
const bundle = (...messages: readonly unknown[]) => act('send_group_forward_msg', { group_id: ours, messages })
const node = (content: unknown) => ({ type: 'node', data: { name: 'Zoe', uin: dave, content } })
const upload = (params: object = {}) =>
  act('upload_group_file', { group_id: ours, file: 'base64://YQ==', name: 'a.txt', ...params })
const folder = (params: object) => act('create_group_file_folder', { group_id: ours, name: 'books', ...params })
const png = base64(images.png)

const files = createMemoryFiles({
  'file:///full.png': file(padded(images.png, 30 * 1024 * 1024), 'image/png'),
  'file:///over.png': file(padded(images.png, 30 * 1024 * 1024 + 1), 'image/png'),
  'file:///a.mp4': file('film', 'video/mp4'),
  'file:///over.mp4': file(Buffer.alloc(100 * 1024 * 1024 + 1), 'video/mp4'),
  'file:///a.amr': file('voice', 'audio/amr'),
  'file:///a.txt': file('text', 'text/plain'),
})

function padded(bytes: Buffer, length: number): Buffer {
  const whole = Buffer.alloc(length)
  bytes.copy(whole)
  return whole
}

const rules: readonly Rule[] = [
  // Who and what is there
  [
    'users are there',
    act('get_stranger_info', { user_id: dave }),
    act('get_stranger_info', { user_id: 19999 }),
    '102 USER_NOT_FOUND: there is no user 19999 in this network',
  ],
  [
    'groups are there',
    act('get_group_info', { group_id: archive }),
    act('get_group_info', { group_id: 29999 }),
    '102 GROUP_NOT_FOUND: there is no group 29999 in this network',
  ],
  [
    'discuss groups are there',
    act('send_discuss_msg', { discuss_id: 30001, message: 'x' }),
    act('send_discuss_msg', { discuss_id: 39999, message: 'x' }),
    '102 DISCUSS_NOT_FOUND: there is no discuss group 39999 in this network',
  ],
  [
    'members are there',
    act('get_group_member_info', { group_id: ours, user_id: dave }),
    act('get_group_member_info', { group_id: ours, user_id: erin }),
    '102 MEMBER_NOT_FOUND: Erin (10005) is not in the group Sandbox (20001)',
  ],
  [
    'messages are there',
    act('delete_msg', { message_id: 1 }),
    act('delete_msg', { message_id: 2 }),
    '102 MESSAGE_NOT_FOUND: there is no message 2 in this network',
    after(send(ours)),
  ],
  [
    'what is quoted was said here',
    send(ours, '[CQ:reply,id=1]x'),
    send(guests, '[CQ:reply,id=1]x'),
    '102 REPLY_NOT_FOUND: message 1 to reply to is not in this chat',
    after(send(ours)),
  ],

  // Talking
  [
    'friends talk in private',
    tell(alice),
    tell(erin),
    '103 NOT_A_FRIEND: Erin (10005) and the bot are not friends both ways and share no group, so they cannot talk in private',
  ],
  [
    'friendship goes both ways',
    say(alice, {}),
    say(erin, {}),
    '103 NOT_A_FRIEND: Erin (10005) and the bot are not friends both ways and share no group, so they cannot talk in private',
  ],
  [
    'a shared group lets strangers talk',
    act('send_private_msg', { user_id: dave, group_id: ours, message: 'x' }),
    act('send_private_msg', { user_id: dave, group_id: guests, message: 'x' }),
    '102 MEMBER_NOT_FOUND: Dave (10004) is not in the group Guests (20002)',
  ],
  ['nobody talks to themselves', tell(bob), tell(bot), '103 SELF_CHAT: the bot cannot talk to itself'],
  [
    'the bot hears of its groups',
    say(bob, { group_id: guests }),
    say(bob, { group_id: archive }),
    '103 BOT_NOT_IN_GROUP: the bot is not in the group Archive (20003), so it would not hear of it',
  ],
  [
    'the muted are silent',
    say(bob, { group_id: ours }),
    say(alice, { group_id: ours }),
    '103 MUTED: Alice (10001) is muted in the group Sandbox (20001) for another 60 s',
    after(act('set_group_ban', { group_id: ours, user_id: alice, duration: 60 })),
  ],
  [
    'a muted group is silent',
    say(carol, { group_id: ours }),
    say(alice, { group_id: ours }),
    '103 WHOLE_BAN: everyone but the owner and the admins is muted in the group Sandbox (20001)',
    after(act('set_group_whole_ban', { group_id: ours })),
  ],
  [
    'masks speak where they may',
    say(alice, { group_id: ours, anonymous: true }),
    say(alice, { group_id: guests, anonymous: true }),
    '103 ANONYMOUS_REFUSED: the group Guests (20002) does not let its members speak anonymously',
    after(play('update_group', { group_id: guests, anonymous: false })),
  ],
  [
    'a muted mask is silent',
    say(bob, { group_id: ours, anonymous: true }),
    say(alice, { group_id: ours, anonymous: true }),
    '103 MUTED: Brave Badger is muted in the group Sandbox (20001) for another 60 s',
    after(
      say(alice, { group_id: ours, anonymous: true }),
      act('set_group_anonymous_ban', { group_id: ours, flag: '1|Brave Badger', duration: 60 }),
    ),
  ],
  [
    'a mask has a flag',
    act('set_group_anonymous_ban', { group_id: ours, flag: '1|Brave Badger' }),
    act('set_group_anonymous_ban', { group_id: ours, flag: '2|Nobody' }),
    '102 FLAG_NOT_FOUND: no anonymous speaker of the group Sandbox (20001) has the flag "2|Nobody"',
    after(say(alice, { group_id: ours, anonymous: true })),
  ],

  // Taking back
  [
    'own messages are taken back for 120 s',
    act('delete_msg', { message_id: 2 }),
    act('delete_msg', { message_id: 1 }),
    "103 RECALL_TOO_LATE: one can recall one's own message for 120 s; message 1 is older",
    after(tell(alice), later(1), tell(alice), later(120)),
  ],
  [
    'those of lower roles are taken back at any time',
    play('recall', { as: carol, message_id: 1 }),
    play('recall', { as: bob, message_id: 1 }),
    '103 RECALL_REFUSED: Bob (10002) cannot recall what 10001 said: that takes a higher role in a group (owner over admin over member)',
    after(say(alice, { group_id: ours }), later(86_400)),
  ],
  [
    'a message is taken back once',
    act('delete_msg', { message_id: 2 }),
    act('delete_msg', { message_id: 1 }),
    '103 ALREADY_RECALLED: message 1 was recalled before',
    after(send(ours), send(ours), act('delete_msg', { message_id: 1 })),
  ],
  [
    'discuss groups know no recall',
    play('recall', { as: alice, message_id: 2 }),
    play('recall', { as: alice, message_id: 1 }),
    '103 RECALL_REFUSED: discuss groups know no recall',
    after(say(alice, { discuss_id: 30001 }), say(alice, { group_id: ours })),
  ],

  // Poking
  [
    'friends poke in private',
    play('poke', { as: alice, target_id: bot }),
    play('poke', { as: dave, target_id: bot }),
    '103 NOT_A_FRIEND: Dave (10004) and the bot are not friends',
  ],
  [
    'in private one pokes who is there',
    act('friend_poke', { user_id: alice }),
    act('friend_poke', { user_id: alice, target_id: bob }),
    '103 POKE_REFUSED: in private one can poke only the two who talk there; group_id names a group',
  ],

  // Roles
  [
    'an admin removes members',
    play('kick', { as: carol, group_id: ours, user_id: alice }),
    play('kick', { as: carol, group_id: ours, user_id: bot }),
    '103 NOT_MANAGEABLE: Carol (10003), an admin of the group Sandbox (20001), cannot remove SeekYou (10000), the owner: that takes a higher role (owner over admin over member)',
  ],
  [
    'an admin mutes members',
    play('ban', { as: carol, group_id: ours, user_id: alice }),
    play('ban', { as: alice, group_id: ours, user_id: bob }),
    '103 NOT_MANAGEABLE: Alice (10001), a plain member of the group Sandbox (20001), cannot mute Bob (10002), a plain member: that takes a higher role (owner over admin over member)',
  ],
  [
    'an owner makes admins',
    act('set_group_admin', { group_id: ours, user_id: alice }),
    play('set_admin', { as: carol, group_id: ours, user_id: alice }),
    '103 PERMISSION_DENIED: Carol (10003) is an admin of the group Sandbox (20001); only its owner can make and unmake admins',
  ],
  [
    'an owner is no admin',
    act('set_group_admin', { group_id: ours, user_id: carol, enable: false }),
    act('set_group_admin', { group_id: ours, user_id: bot, enable: false }),
    '103 NOT_MANAGEABLE: the owner of a group is above its admins and cannot be one',
  ],
  [
    'an owner gives titles',
    act('set_group_special_title', { group_id: ours, user_id: carol, special_title: 'Star' }),
    play('set_title', { as: carol, group_id: ours, user_id: alice, value: 'Star' }),
    '103 PERMISSION_DENIED: Carol (10003) is an admin of the group Sandbox (20001); only its owner can give titles',
  ],
  [
    'everyone has a card, admins give them',
    play('set_card', { as: carol, group_id: ours, user_id: alice, value: 'A' }),
    play('set_card', { as: alice, group_id: ours, user_id: carol, value: 'C' }),
    '103 NOT_MANAGEABLE: Alice (10001), a plain member of the group Sandbox (20001), cannot change the card of Carol (10003), an admin: that takes a higher role (owner over admin over member)',
  ],
  [
    'an admin names the group',
    play('rename_group', { as: carol, group_id: ours, value: 'New' }),
    act('set_group_name', { group_id: guests, group_name: 'New' }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can rename it',
  ],
  [
    'an admin puts up notices',
    act('_send_group_notice', { group_id: ours, content: 'x' }),
    act('_send_group_notice', { group_id: guests, content: 'x' }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can post notices',
  ],
  [
    'an admin takes notices down',
    act('_del_group_notice', { group_id: ours, notice_id: 'n1' }),
    act('_del_group_notice', { group_id: guests, notice_id: 'n1' }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can remove notices',
    after(act('_send_group_notice', { group_id: ours, content: 'x' })),
  ],
  [
    'an admin chooses essence messages',
    act('set_essence_msg', { message_id: 1 }),
    act('set_essence_msg', { message_id: 2 }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can choose its essence messages',
    after(send(ours), send(guests)),
  ],
  [
    'an admin chooses the picture',
    act('set_group_portrait', { group_id: ours, file: png }),
    act('set_group_portrait', { group_id: guests, file: png }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can change its picture',
  ],
  [
    'an admin mutes the group',
    play('whole_ban', { as: carol, group_id: ours }),
    act('set_group_whole_ban', { group_id: guests }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can mute the whole group',
  ],
  [
    'an admin allows masks',
    act('set_group_anonymous', { group_id: ours }),
    act('set_group_anonymous', { group_id: guests }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can allow or forbid anonymous speakers',
  ],
  [
    'an admin mutes masks',
    act('set_group_anonymous_ban', { group_id: ours, flag: '1|Brave Badger' }),
    act('set_group_anonymous_ban', { group_id: guests, flag: '1|Brave Badger' }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can mute anonymous speakers',
    after(say(alice, { group_id: ours, anonymous: true })),
  ],
  [
    'an admin lets people in',
    play('answer_request', { as: carol, flag: '1' }),
    play('answer_request', { as: alice, flag: '1' }),
    '103 PERMISSION_DENIED: Alice (10001) is a plain member of the group Sandbox (20001); only its owner and its admins can let someone in',
    after(play('request_join', { as: erin, group_id: ours })),
  ],
  [
    'a role mentions everyone',
    send(ours, '[CQ:at,qq=all]'),
    send(guests, '[CQ:at,qq=all]'),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member; only the owner and the admins of the group Guests (20002) can mention everyone',
  ],

  // How much and how long
  [
    'a mute is shorter than 30 days',
    act('set_group_ban', { group_id: ours, user_id: alice, duration: 2_591_999 }),
    act('set_group_ban', { group_id: ours, user_id: alice, duration: 2_592_000 }),
    '103 DURATION_IS_NOT_IN_RANGE: a mute lasts 1 to 2591999 s (0 lifts it), not 2592000',
  ],
  [
    'a card has 60 bytes',
    play('set_card', { as: alice, group_id: ours, value: '一'.repeat(20) }),
    play('set_card', { as: alice, group_id: ours, value: '一'.repeat(21) }),
    '103 CARD_TOO_LONG: a card has at most 60 bytes, this one has 63',
  ],
  [
    'a title has 18 bytes',
    act('set_group_special_title', { group_id: ours, user_id: alice, special_title: '一'.repeat(6) }),
    act('set_group_special_title', { group_id: ours, user_id: alice, special_title: '一'.repeat(7) }),
    '103 TITLE_TOO_LONG: a title has at most 18 bytes, this one has 21',
  ],
  [
    'the name of a group has 60 bytes',
    act('set_group_name', { group_id: ours, group_name: 'x'.repeat(60) }),
    act('set_group_name', { group_id: ours, group_name: 'x'.repeat(61) }),
    '103 GROUP_NAME_TOO_LONG: the name of a group has at most 60 bytes, this one has 61',
  ],
  [
    'the name of a group is not empty',
    play('rename_group', { as: carol, group_id: ours, value: 'x' }),
    play('rename_group', { as: carol, group_id: ours, value: '' }),
    '103 GROUP_NAME_EMPTY: the name of a group has at least 1 byte',
  ],
  [
    'everyone is mentioned 10 times a day by one',
    after(play('say', { as: carol, group_id: ours, message: '[CQ:at,qq=all]' })),
    send(ours, '[CQ:at,qq=all]'),
    '103 AT_ALL_QUOTA: SeekYou (10000) has mentioned everyone 10 times today, which is all',
    times(10, send(ours, '[CQ:at,qq=all]')),
  ],
  [
    'everyone is mentioned 20 times a day in a group',
    say(carol, { group_id: guests }, '[CQ:at,qq=all]'),
    say(alice, { group_id: ours }, '[CQ:at,qq=all]'),
    '103 AT_ALL_QUOTA: everyone in the group Sandbox (20001) was mentioned 20 times today, which is all',
    after(
      act('set_group_admin', { group_id: ours, user_id: alice }),
      act('set_group_admin', { group_id: ours, user_id: bob }),
      times(10, send(ours, '[CQ:at,qq=all]')),
      times(10, say(bob, { group_id: ours }, '[CQ:at,qq=all]')),
    ),
  ],
  [
    'a friend is liked 10 times a day',
    act('send_like', { user_id: bob, times: 10 }),
    act('send_like', { user_id: alice }),
    '103 LIKE_QUOTA: one can like a friend 10 times a day; for Alice (10001) 0 are left today',
    after(act('send_like', { user_id: alice, times: 10 })),
  ],
  [
    'a message has 5000 units',
    sent('x'.repeat(5000)),
    sent('x'.repeat(5001)),
    '103 MESSAGE_TOO_LONG: a message has at most 5000 units, this one has 5001: a byte of text is one, an image 100, a reply 444',
  ],
  [
    'a message has 50 images',
    sent(Array.from({ length: 50 }, () => segment('image', { file: png })[0])),
    sent(Array.from({ length: 51 }, () => segment('image', { file: png })[0])),
    '103 TOO_MANY_IMAGES: a message has at most 50 images, this one has 51',
  ],
  [
    'an image has 30 MB',
    sent('[CQ:image,file=file:///full.png]'),
    sent('[CQ:image,file=file:///over.png]'),
    '103 IMAGE_TOO_LARGE: an image has at most 31457280 bytes, this one has 31457281',
  ],
  [
    'a video has 100 MB',
    sent('[CQ:video,file=file:///a.mp4]'),
    sent('[CQ:video,file=file:///over.mp4]'),
    '103 VIDEO_TOO_LARGE: a video has at most 104857600 bytes, this one has 104857601',
  ],

  // What things are
  [
    'an image is one',
    sent(segment('image', { file: png })),
    sent('[CQ:image,file=file:///a.txt]'),
    '103 NOT_AN_IMAGE: an image is a PNG, JPEG, GIF, WebP or BMP file; these bytes are none of them',
  ],
  [
    'a video is one',
    sent('[CQ:video,file=file:///a.mp4]'),
    sent('[CQ:video,file=file:///a.txt]'),
    '103 NOT_A_VIDEO: a video is an MP4 or another video file; this is text/plain',
  ],
  [
    'a record is one',
    sent('[CQ:record,file=file:///a.amr]'),
    sent('[CQ:record,file=file:///a.txt]'),
    '103 NOT_A_RECORD: a record is an audio file; this one is text/plain',
  ],
  [
    'an image that is named was seen',
    sent('[CQ:image,file=F829B914FC47CFC9C0747C119C27CF1B.image]'),
    sent('[CQ:image,file=a.image]'),
    '102 IMAGE_NOT_FOUND: no image named "a.image" was seen before; an image is base64://…, http(s)://…, file:///… or a name received',
    after(sent(segment('image', { file: png }))),
  ],
  [
    'a record that is named was heard',
    sent('[CQ:record,file=file:///a.amr]'),
    sent('[CQ:record,file=a.amr]'),
    '102 RECORD_NOT_FOUND: no record named "a.amr" was heard before; a record is base64://…, http(s)://…, file:///… or a name received',
  ],
  [
    'a video that is named was seen',
    sent('[CQ:video,file=file:///a.mp4]'),
    sent('[CQ:video,file=a.video]'),
    '102 VIDEO_NOT_FOUND: no video named "a.video" was seen before; a video is base64://…, http(s)://…, file:///… or a name received',
  ],
  [
    'a bundle that is named was sent',
    bundle(node('x')),
    sent('[CQ:forward,id=a]'),
    '102 FORWARD_NOT_FOUND: there is no bundle of messages "a" in this network',
  ],
  [
    'a file that is named was sent',
    upload(),
    sent('[CQ:file,file=/f9]'),
    '102 FILE_NOT_FOUND: there is no file "/f9" in this network; a file is base64://…, http(s)://…, file:///… or an id received',
  ],
  ['a file is not empty', upload(), upload({ file: 'base64://' }), '200 FILE_EMPTY: an empty file cannot be sent'],
  [
    'windows are shaken in private',
    tell(alice, '[CQ:shake]'),
    sent('[CQ:shake]'),
    '103 SHAKE_REFUSED: a window can be shaken in private only',
  ],
  [
    'gifts are given in groups',
    sent(`[CQ:gift,qq=${alice},id=1]`),
    tell(alice, `[CQ:gift,qq=${alice},id=1]`),
    '103 GIFT_REFUSED: gifts are given in groups only',
  ],
  [
    'texts are spoken in groups',
    sent('x'),
    tell(alice, '[CQ:tts,text=x]'),
    '103 TTS_REFUSED: the network speaks texts in groups only',
  ],
  [
    'people give red packets',
    say(alice, { group_id: ours }, '[CQ:redbag,title=x]'),
    sent('[CQ:redbag,title=x]'),
    '103 UNSUPPORTED_SEGMENT: a bot cannot send redbag segments; only people can',
  ],
  [
    'a message of a bundle is there',
    bundle({ type: 'node', data: { id: '1' } }),
    bundle({ type: 'node', data: { id: '2' } }),
    '102 MESSAGE_NOT_FOUND: there is no message 2 in this network to put into a bundle',
    after(send(ours)),
  ],
  [
    'a message of a bundle says something',
    bundle(node('x')),
    bundle({ type: 'node', data: { id: '2' } }),
    '103 EMPTY_NODE: message 2 is but a quotation: nothing of it can be forwarded',
    after(send(ours), send(ours, '[CQ:reply,id=1]')),
  ],
  [
    'a bundle has 200 messages',
    say(
      alice,
      { group_id: ours },
      Array.from({ length: 200 }, () => node('x')),
    ),
    say(
      alice,
      { group_id: ours },
      Array.from({ length: 201 }, () => node('x')),
    ),
    '100 BAD_PARAMS: say: messages holds 201 nodes; a bundle takes at most 200',
  ],

  // Coming and going
  [
    'an owner leaves by ending the group',
    play('leave', { as: carol, group_id: guests, is_dismiss: true }),
    play('leave', { as: carol, group_id: guests }),
    '103 OWNER_CANNOT_LEAVE: Carol (10003) owns the group Guests (20002) and can leave only by ending it: is_dismiss',
  ],
  [
    'one comes into a group once',
    play('join', { as: erin, group_id: ours }),
    play('join', { as: dave, group_id: ours }),
    '103 ALREADY_IN_GROUP: Dave (10004) is in the group Sandbox (20001) already',
  ],
  [
    'one comes where there is room',
    play('join', { as: erin, group_id: guests }),
    play('join', { as: erin, group_id: ours }),
    '103 GROUP_FULL: the group Sandbox (20001) is full: it takes 5 members',
    after(play('update_group', { group_id: ours, max_member_count: 5 })),
  ],
  [
    'one comes unless removed for good',
    play('join', { as: bob, group_id: ours }),
    play('join', { as: dave, group_id: ours }),
    '103 JOIN_BLOCKED: Dave (10004) was removed from the group Sandbox (20001) for good',
    after(
      act('set_group_kick', { group_id: ours, user_id: bob }),
      act('set_group_kick', { group_id: ours, user_id: dave, reject_add_request: true }),
    ),
  ],
  [
    'a request is answered once',
    act('set_friend_add_request', { flag: '2' }),
    act('set_friend_add_request', { flag: '1' }),
    '103 FLAG_HAS_BEEN_CHECKED: the request 1 was turned down by SeekYou (10000) before; it can be answered once',
    after(
      play('request_friend', { as: dave }),
      play('request_friend', { as: erin }),
      act('set_friend_add_request', { flag: '1', approve: false }),
    ),
  ],
  [
    'a request has a flag',
    act('set_friend_add_request', { flag: '1' }),
    act('set_friend_add_request', { flag: '2' }),
    '102 FLAG_NOT_FOUND: nobody asked a question of type friend with the flag "2"',
    after(play('request_friend', { as: dave })),
  ],
  [
    'a bot that manages the group is asked',
    play('request_join', { as: erin, group_id: ours }),
    play('request_join', { as: erin, group_id: guests }),
    '103 BOT_NOT_ADMIN: the bot is a plain member of the group Guests (20002), so it would not hear of it',
  ],
  [
    'friends are won once',
    play('add_friend', { as: dave }),
    play('add_friend', { as: alice }),
    '103 ALREADY_FRIENDS: Alice (10001) and the bot are friends already',
  ],
  [
    'friends that end are there',
    act('delete_friend', { user_id: alice }),
    act('delete_friend', { user_id: dave }),
    '102 FRIEND_NOT_FOUND: Dave (10004) is no two-way friend of the bot',
  ],

  // What is kept of messages and groups
  [
    'what was recalled is no essence message',
    act('set_essence_msg', { message_id: 2 }),
    act('set_essence_msg', { message_id: 1 }),
    '103 MESSAGE_RECALLED: message 1 was recalled and cannot be an essence message',
    after(send(ours), send(ours), act('delete_msg', { message_id: 1 })),
  ],
  [
    'essence messages are there',
    act('delete_essence_msg', { message_id: 1 }),
    act('delete_essence_msg', { message_id: 2 }),
    '102 ESSENCE_NOT_FOUND: message 2 is not an essence message of its group',
    after(send(ours), send(ours), act('set_essence_msg', { message_id: 1 })),
  ],
  [
    'notices are there',
    act('_del_group_notice', { group_id: ours, notice_id: 'n1' }),
    act('_del_group_notice', { group_id: ours, notice_id: 'n2' }),
    '102 NOTICE_NOT_FOUND: the group 20001 has no notice "n2"',
    after(act('_send_group_notice', { group_id: ours, content: 'x' })),
  ],
  [
    'devices are there',
    play('client', { app_id: 1, online: false }),
    play('client', { app_id: 2, online: false }),
    '102 CLIENT_NOT_FOUND: the account is online on no device with the app_id 2',
    after(play('client', { app_id: 1 })),
  ],

  // Files of groups
  [
    'a group has 10 000 files',
    upload({ group_id: guests }),
    upload(),
    '103 FILE_COUNT_LIMIT: the group 20001 has 10000 files, which is all it can have; delete some',
    fillWithFiles,
  ],
  [
    'a group has 10 GiB of files',
    upload({ group_id: guests }),
    upload(),
    '103 FILE_SPACE_LIMIT: the files of the group 20001 have 0 bytes left, this one has 1',
    inChanged({ 'file/20001//f1': { size: 10 * 1024 ** 3 } }, upload()),
  ],
  [
    'a file has a name',
    upload({ name: 'a b.txt' }),
    upload({ name: 'a/b.txt' }),
    '103 BAD_FILE_NAME: the name of a file or a folder is not empty and holds no slash and no line break',
  ],
  [
    'the name of a file has 255 bytes',
    upload({ name: 'x'.repeat(255) }),
    upload({ name: 'x'.repeat(256) }),
    '103 FILE_NAME_TOO_LONG: the name of a file or a folder has at most 255 bytes, this one has 256',
  ],
  [
    'folders have different names',
    folder({ name: 'more' }),
    folder({}),
    '103 FOLDER_EXISTS: the group 20001 has a folder of this name already',
    after(folder({})),
  ],
  [
    'folders lie in the root',
    folder({ name: 'more' }),
    folder({ name: 'more', parent_id: '/d1' }),
    '103 FOLDER_TOO_DEEP: folders are made in the root only, which is /',
    after(folder({})),
  ],
  [
    'folders are there',
    act('delete_group_folder', { group_id: ours, folder_id: '/d1' }),
    act('delete_group_folder', { group_id: ours, folder_id: '/d2' }),
    '102 FOLDER_NOT_FOUND: the group 20001 has no folder "/d2"',
    after(folder({})),
  ],
  [
    'an admin makes folders',
    folder({}),
    folder({ group_id: guests }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can make folders',
  ],
  [
    'files are removed by whose they are',
    act('delete_group_file', { group_id: guests, file_id: '/f1' }),
    act('delete_group_file', { group_id: guests, file_id: '/f2' }),
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can remove files of others',
    after(
      upload({ group_id: guests }),
      play('upload_file', { as: alice, group_id: guests, content: 'YQ==', name: 'b' }),
    ),
  ],
  [
    'files of groups are there',
    act('get_group_file_url', { group_id: ours, file_id: '/f1' }),
    act('get_group_file_url', { group_id: ours, file_id: '/f2' }),
    '102 FILE_NOT_FOUND: the group 20001 has no file "/f2"',
    after(upload()),
  ],

  // Guilds
  [
    'guilds are there',
    act('get_guild_channel_list', guild),
    act('get_guild_channel_list', { guild_id: '49999' }),
    '102 GUILD_NOT_FOUND: there is no guild 49999 in this network',
  ],
  [
    'channels are there',
    say(alice, texts!),
    say(alice, { ...guild, channel_id: '59999' }),
    '102 CHANNEL_NOT_FOUND: the guild Guild (40001) has no channel 59999',
  ],
  [
    'messages go to channels for text',
    say(alice, texts!),
    say(alice, voices!),
    '103 CHANNEL_NOT_SUPPORTED_TEXT_MSG: the channel voice (50002) is for voice; messages go to channels for text',
  ],
  [
    'topics go to channels for topics',
    play('post_feed', { as: alice, ...topics, title: 'x', message: 'x' }),
    play('post_feed', { as: alice, ...texts, title: 'x', message: 'x' }),
    '103 CHANNEL_TYPE_ERROR: the channel text (50001) is for text; topics are in channels for topics',
  ],
  [
    'channels carry little',
    say(alice, texts!, `[CQ:at,qq=${tiny(bob)}]`),
    say(alice, texts!, '[CQ:dice]'),
    '103 UNSUPPORTED_SEGMENT: a channel of a guild carries text, at, face, image, not dice',
  ],
  [
    'roles are there',
    act('set_guild_member_role', { ...guild, role_id: '10001', users: [tiny(alice)] }),
    act('set_guild_member_role', { ...guild, role_id: '10002', users: [tiny(alice)] }),
    '102 ROLE_NOT_FOUND: the guild Guild (40001) has no role 10002',
    after(act('create_guild_role', { ...guild, name: 'x', color: 1 })),
  ],
  [
    'the bot hears of its guilds',
    say(alice, texts!),
    say(alice, { guild_id: '40002', channel_id: '60001' }),
    '103 BOT_NOT_IN_GUILD: the bot is not in the guild Other (40002), so it would not hear of it',
    after(play('create_guild', { guild_name: 'Other', owner_id: alice, channels: [{ channel_name: 'x' }] })),
  ],
  [
    'a channel has a name',
    play('channel', { as: carol, ...texts, channel_name: 'x' }),
    play('channel', { as: carol, ...texts, channel_name: '' }),
    '103 CHANNEL_NAME_EMPTY: the name of a channel has at least one character',
  ],
  [
    'a page of members ends with a token',
    act('get_guild_member_list', { ...guild, next_token: '40001-10001' }),
    act('get_guild_member_list', { ...guild, next_token: 'x' }),
    '102 NEXT_TOKEN_NOT_EXISTS: "x" is no token that a page ended with',
  ],
  [
    'a token is good for its guild',
    act('get_guild_member_list', { ...guild, next_token: '40001-10001' }),
    act('get_guild_member_list', { ...guild, next_token: '40002-10001' }),
    '103 GUILD_NOT_MATCH: the token is of the guild 40002, not of 40001',
  ],
  [
    'three roles stay',
    act('delete_guild_role', { ...guild, role_id: '10001' }),
    act('delete_guild_role', { ...guild, role_id: '1' }),
    '103 ROLE_BUILT_IN: every guild has the role 普通成员 (1); it stays as it is',
    after(act('create_guild_role', { ...guild, name: 'x', color: 1 })),
  ],
  [
    'a manager of the guild opens channels',
    play('channel', { as: carol, ...guild, change: 'create', channel_name: 'x' }),
    play('channel', { as: alice, ...guild, change: 'create', channel_name: 'x' }),
    '103 PERMISSION_DENIED: Alice (10001) is a plain member of the guild Guild (40001); only its owner and its admins can open channels',
  ],

  // The account, and the world itself
  [
    'the bot has a name',
    act('set_qq_profile', { nickname: 'CQ' }),
    act('set_qq_profile', { nickname: '' }),
    '103 NICKNAME_EMPTY: a nickname has at least one character',
  ],
  [
    'the account is a personal one',
    act('get_login_info'),
    act('qidian_get_account_info'),
    '103 QIDIAN_PROTOCOL_REQUEST: the account is a personal one; only those of companies can be told about',
  ],
  [
    'a user has a number of their own',
    play('create_user', { user_id: 10006, nickname: 'Zoe' }),
    play('create_user', { user_id: alice, nickname: 'Zoe' }),
    '103 USER_EXISTS: there is a user 10001 already: Alice (10001)',
  ],
  [
    'a group has a number of its own',
    play('create_group', { group_id: 20004, group_name: 'New' }),
    play('create_group', { group_id: ours, group_name: 'New' }),
    '103 GROUP_EXISTS: there is a group 20001 already: Sandbox (20001)',
  ],
  [
    'a discuss group has a number of its own',
    play('create_discuss', { discuss_id: 30002, discuss_name: 'New' }),
    play('create_discuss', { discuss_id: 30001, discuss_name: 'New' }),
    '103 DISCUSS_EXISTS: there is a discuss group 30001 already',
  ],
  [
    'a guild has a number of its own',
    play('create_guild', { guild_id: '40002', guild_name: 'New' }),
    play('create_guild', { ...guild, guild_name: 'New' }),
    '103 GUILD_EXISTS: there is a guild 40001 already: Guild (40001)',
  ],
  [
    'a group has an owner',
    play('delete_user', { user_id: alice }),
    play('delete_user', { user_id: carol }),
    '103 OWNS_A_GROUP: Carol (10003) owns the group Guests (20002); give it another owner first, or delete it',
  ],
  [
    'a guild has an owner',
    play('delete_user', { user_id: bob }),
    play('delete_user', { user_id: alice }),
    '103 OWNS_A_GUILD: Alice (10001) owns the guild Guild (40001), which cannot be without an owner',
    after(play('update_guild', { ...guild, owner_id: alice }), play('delete_group', { group_id: archive })),
  ],
  [
    'the bot stays',
    play('delete_user', { user_id: alice }),
    play('delete_user', { user_id: bot }),
    '103 BOT_NEEDED: the bot is the account itself and cannot be removed',
  ],
  [
    'the bot is a friend of others',
    play('update_user', { user_id: alice, friend: 'no' }),
    play('update_user', { user_id: bot, friend: 'two-way' }),
    '103 SELF_FRIEND: the bot cannot be a friend of itself',
  ],
  [
    'a snapshot was made',
    play('restore', { name: 'one' }),
    play('restore', { name: 'two' }),
    '102 SNAPSHOT_NOT_FOUND: there is no snapshot "two"; the snapshots are: one',
    after(play('snapshot', { name: 'one' })),
  ],
]

it.each(rules)('%s', async (_, allowed, refused, answer, before) => {
  const first = await startSandbox({ files, random: () => 0 })
  const run = (await before?.(first)) ?? first
  expect(await answerOf(run, refused(run))).toBe(answer)
  await allowed(run)
})

it('is a list of every rule that the README knows', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, chapter = ''] = /\n## Rules\n(.+?)\n## /s.exec(readme) ?? []
  const told = new Set([...chapter.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code))
  const shown = new Set(rules.map(([, , , answer]) => /^\d+ ([A-Z_]+): /.exec(answer)?.[1]))
  shown.delete('BAD_PARAMS')
  expect(shown).toEqual(told)
})

async function fillWithFiles(run: Run): Promise<Run> {
  await run.act('upload_group_file', { group_id: ours, file: 'base64://YQ==', name: 'a.txt' })
  const { state } = run.host.memory
  const first = JSON.parse(state.get('file/20001//f1')!) as object
  for (let count = 2; count <= 10_000; count++) {
    state.set(`file/20001//x${count}`, JSON.stringify({ ...first, file_id: `/x${count}` }))
  }
  return restart(run)
}
