/*
 * A process that opens the store of the directory it is given, writes something of each kind, says so and stays until
 * it is killed; or says why it could not. With `nobody` it first gives up the rights that root has everywhere; with
 * `behind` the database never gets by itself what was written last.
 */
import { messageEvent, noticeEvent, systemClock, userId } from '@seekyou/protocol'
import type { Logger } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createVirtualClock } from '@seekyou/testkit'

const [, , dataDir = '', how] = process.argv
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

if (how === 'nobody' && process.getuid?.() === 0) process.setuid?.(65534)
try {
  const clock = how === 'behind' ? createVirtualClock() : systemClock
  const store = await openStore({ dataDir, clock, log: silent })
  const { journal, messages, state } = store.account(userId.parse(10000))
  const common = { time: 1_767_225_600, self_id: 10000, user_id: 10001 }
  const message_id = messages.allocateId()
  const message = messageEvent.parse({
    ...common,
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_id,
    message_seq: 1,
    message: [{ type: 'text', data: { text: 'x'.repeat(10_000) } }],
    font: 0,
    sender: { user_id: 10001, nickname: 'Alice' },
    group_id: 20001,
    anonymous: null,
  })
  state.put('world', { users: 3 })
  await Promise.all([journal.append(message), messages.put(message)])
  const notice = noticeEvent.parse({ ...common, post_type: 'notice', notice_type: 'friend_add' })
  const { seq } = await journal.append(notice)
  // Only what came from the store is still referred to then, not the store itself; that must be enough to keep it.
  setTimeout(() => {
    globalThis.gc?.()
    setImmediate(() => say({ opened: { seq, message_id } }))
  }, 10)
  setInterval(() => journal.last(), 60_000)
} catch (error) {
  say({ refused: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
}
