import { expect, test } from 'vitest'
import { RecordingSink, startConversation } from './scripted-account.ts'

const hook = { name: 'hook', kind: 'webhook', lifecycle: 'enable' } as const

test('a link that is expected tells how often it was connected, and how often an event was posted to it again', async () => {
  await using conversation = await startConversation()
  const { account, gateway, say } = conversation
  await account.links.expect('hook', { kind: 'webhook', state: () => ({ phase: 'connecting' }) })
  expect(await account.links.list()).toMatchObject([{ connections: 0, retries: 0 }])
  new RecordingSink(gateway(), hook).subscription.end()
  const sink = new RecordingSink(gateway(), hook)
  await say('hello')
  for (const outcome of ['retry', 'retry', 'acknowledged'] as const) {
    sink.subscription.attempted(sink.told.at(-1)!, { outcome, tries: 1 })
  }
  expect(await account.links.list()).toMatchObject([{ connections: 2, retries: 2 }])
})

test('a link without a name has a number that no other gets', async () => {
  await using conversation = await startConversation()
  const { account, gateway } = conversation
  const open = () => new RecordingSink(gateway(), { kind: 'sse', lifecycle: 'connect' })
  open().subscription.end()
  open()
  open()
  expect((await account.links.list()).map(({ id }) => id)).toEqual(['sse#2', 'sse#3'])
})
