import { expect, test } from 'vitest'
import { startBridge, text } from './run.ts'

test.each(['generic', 'go-cqhttp', 'napcat', 'llonebot', 'lagrange'] as const)(
  'hears and says over %s',
  async (kind) => {
    await using run = await startBridge(kind)
    run.upstream.network.say(10001, { group_id: 20001 }, 'hello')
    const heard = await run.hears({ post_type: 'message', group_id: 20001 })
    expect(heard).toMatchObject({
      message: text('hello'),
      sender: { nickname: 'Alice', role: 'member', level: '3' },
      message_seq: 101,
    })
    const sent = await run.act('send_group_msg', { group_id: 20001, message: 'hi' })
    expect(await run.hears({ post_type: 'message_sent' })).toMatchObject({ ...(sent as object), message: text('hi') })
  },
)
