import { describe, expect, it } from 'vitest'
import { startSandbox } from './run.ts'
import type { Run } from './run.ts'

interface Answer {
  readonly mark: number
  readonly everything: boolean
  readonly world: boolean
  readonly chats: readonly string[]
  readonly events: readonly object[]
}

const changes = (run: Run, params: object = {}) => run.play('changes', params) as Promise<Answer>

describe('changes', () => {
  it('name the chats in which something was said or taken back, by anyone', async () => {
    const run = await startSandbox()
    const { mark } = await changes(run)
    await run.play('say', { as: 10001, group_id: 20001, message: 'hello' })
    await run.act('send_private_msg', { user_id: 10002, message: 'hi' })
    await run.play('say', { as: 10001, guild_id: '40001', channel_id: '50001', message: 'hello' })
    const said = await changes(run, { after: mark })
    expect(said).toMatchObject({ everything: false, world: false, events: [] })
    expect(said.chats.toSorted()).toEqual(['channel:40001/50001', 'group:20001', 'private:10002'])
    await run.act('delete_msg', { message_id: 1 })
    expect(await changes(run, { after: said.mark })).toMatchObject({
      chats: ['group:20001'],
      events: [{ event: { notice_type: 'group_recall', message_id: 1 }, after_seq: 1 }],
    })
  })

  it('say that the world is another one, and what was told of it', async () => {
    const run = await startSandbox()
    const { mark } = await changes(run)
    await run.act('set_group_ban', { group_id: 20001, user_id: 10001, duration: 60 })
    const muted = await changes(run, { after: mark })
    expect(muted).toMatchObject({
      everything: false,
      world: true,
      chats: [],
      events: [{ event: { notice_type: 'group_ban' } }],
    })
    expect(await changes(run)).toMatchObject({ everything: true, events: [{ event: { notice_type: 'group_ban' } }] })
    await run.play('create_user', { nickname: 'Frank' })
    expect(await changes(run, { after: muted.mark })).toMatchObject({ world: true, events: [] })
    await run.play('reset')
    expect(await changes(run, { after: muted.mark })).toMatchObject({ everything: true })
  })

  it.each([
    ['create_user', { nickname: 'Frank' }, 'delete_user', { user_id: 10006 }],
    ['create_group', { group_name: 'Club' }, 'delete_group', { group_id: 20004 }],
    ['create_discuss', { discuss_name: 'Talk' }, 'delete_discuss', { discuss_id: 30002 }],
    ['create_guild', { guild_name: 'Makers' }, 'delete_guild', { guild_id: '40002' }],
  ])('say that the world is another one without what was removed: %s, %j, %s', async (create, look, remove, id) => {
    const run = await startSandbox()
    await run.play(create, look)
    const { mark } = await changes(run)
    await run.play(remove, id)
    expect(await changes(run, { after: mark })).toMatchObject({ world: true, everything: false })
  })

  it('say nothing of a mark that is not of this run', async () => {
    const run = await startSandbox()
    const { mark } = await changes(run)
    expect(await changes(run, { after: mark })).toEqual({
      mark,
      everything: false,
      world: false,
      chats: [],
      events: [],
    })
    for (const after of [0, mark + 1]) expect(await changes(run, { after })).toMatchObject({ mark, everything: true })
  })

  it('are waited for, until the time is over, nobody waits any more or the network ends', async () => {
    const run = await startSandbox()
    const { mark } = await changes(run)
    const found = changes(run, { after: mark, wait_ms: 60_000 })
    await run.play('create_user', { nickname: 'Frank' })
    const { mark: next } = await found
    expect(next).toBeGreaterThan(mark)

    const late = changes(run, { after: next, wait_ms: 1000 })
    await run.clock.advance(1000)
    expect(await late).toMatchObject({ mark: next, world: false })

    const gone = new AbortController()
    const left = run.backend.control!['changes']!.run({ after: next, wait_ms: 1000 }, gone.signal)
    gone.abort()
    expect(await left).toMatchObject({ mark: next })

    const last = changes(run, { after: next, wait_ms: 1000 })
    await run.backend.stop()
    expect(await last).toMatchObject({ mark: next })
  })
})
