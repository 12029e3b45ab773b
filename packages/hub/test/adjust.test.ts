import { compileFilter } from '@seekyou/event-filter'
import { expect, test } from 'vitest'
import { linkOptions } from '../src/options.ts'
import { RecordingSink, startConversation } from './scripted-account.ts'

const filter = (rules: object) => ({ name: 'the event filter', compile: () => compileFilter(rules) })

test('a filter is another one for links that are open, or none', async () => {
  await using running = await startConversation()
  const { account, gateway, say } = running
  const link = gateway({}, { raw_message: 'a' })
  const sink = new RecordingSink(link)
  await say('a')
  await say('b')
  account.adjust(link, linkOptions.parse({}), filter({ raw_message: 'b' }))
  await say('a')
  await say('b')
  account.adjust(link, linkOptions.parse({}))
  await say('c')
  expect(sink.texts).toEqual(['a', 'b', 'c'])
})

test('a filter that cannot be used leaves the one before, and a token that was taken back opens nothing all the same', async () => {
  await using running = await startConversation()
  const { account, gateway, say } = running
  const link = gateway({ access_token: 'old' }, { raw_message: 'a' })
  const sink = new RecordingSink(link)
  expect(() => account.adjust(link, linkOptions.parse({ access_token: 'new' }), filter({ '.frob': 1 }))).toThrow(
    '.frob',
  )
  expect([link.authorize('old').granted, link.authorize('new').granted]).toEqual([false, true])
  await say('a')
  await say('b')
  expect(sink.texts).toEqual(['a'])
})

test('a token holds from then on, and so does how often it may be called', async () => {
  await using running = await startConversation()
  const { account, gateway } = running
  const link = gateway({ access_token: 'old', rate_limit: { frequency: 1, bucket: 1, reject: true } })
  const status = async () => (await link.call({ action: 'get_status', params: {} })).status
  expect([await status(), await status()]).toEqual([200, 429])
  account.adjust(
    link,
    linkOptions.parse({ access_token: 'new', rate_limit: { frequency: 1, bucket: 3, reject: true } }),
  )
  expect([link.authorize('old').granted, link.authorize('new').granted]).toEqual([false, true])
  // What was used up stays used up.
  expect(await status()).toBe(429)
  account.adjust(link, linkOptions.parse({}))
  expect([await status(), await status(), link.authorize(undefined).granted]).toEqual([200, 200, true])
})

test('a filter of a gateway that was let go is not read again', async () => {
  await using running = await startConversation()
  const { account, gateway } = running
  const file = { name: 'a.json', rules: {} as object, compile: () => compileFilter(file.rules) }
  account.release(gateway({}, file))
  file.rules = { '.frob': 1 }
  const { body } = await gateway().call({ action: 'reload_event_filter', params: {} })
  expect(body.retcode).toBe(0)
})

test('a link that nobody waits for any more is away, and finds its place when it comes again', async () => {
  await using running = await startConversation()
  const { account, gateway, say } = running
  await account.links.expect('a', { kind: 'webhook', state: () => ({ phase: 'ended' }) })
  account.links.unexpect('a')
  await say('while it was gone')
  expect(await account.links.list()).toMatchObject([{ name: 'a', kind: undefined, state: undefined, lag: 1 }])
  const sink = new RecordingSink(gateway(), { name: 'a', lifecycle: 'enable' })
  await expect.poll(() => sink.texts).toEqual(['while it was gone'])
})
