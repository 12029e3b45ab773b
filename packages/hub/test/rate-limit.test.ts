import { createTemporaryFolder, createVirtualClock, settle } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { linkOptions } from '../src/options.ts'
import { RateLimit } from '../src/rate-limit.ts'
import { startAccount } from './scripted-account.ts'

function createLimit(options: object) {
  const clock = createVirtualClock()
  return { clock, limit: new RateLimit(linkOptions.parse({ rate_limit: options }).rate_limit, clock) }
}

/** Lets calls come and tells how each of them stands: done, refused or still waiting. */
async function call(limit: RateLimit, times: number) {
  const states = Array.from({ length: times }, () => ({ is: 'waiting' }))
  for (const state of states) {
    void Promise.resolve(limit.pass()).then((refusal) => (state.is = refusal ? 'refused' : 'done'))
  }
  await settle()
  return () => states.map(({ is }) => is)
}

test('there is no limit unless one is set', async () => {
  const { limit } = createLimit({})
  expect(new Set((await call(limit, 10_000))())).toEqual(new Set(['done']))
})

test('what is too much waits for its turn, in its order', async () => {
  const { limit, clock } = createLimit({ frequency: 2, bucket: 3 })
  const states = await call(limit, 5)
  expect(states()).toEqual(['done', 'done', 'done', 'waiting', 'waiting'])
  await clock.advance(499)
  expect(states()[3]).toBe('waiting')
  await clock.advance(1)
  expect(states()).toEqual(['done', 'done', 'done', 'done', 'waiting'])
  await clock.advance(500)
  expect(states()[4]).toBe('done')
})

test('a pause fills the bucket, and no more than the bucket', async () => {
  const { limit, clock } = createLimit({ frequency: 10, bucket: 2, reject: true })
  await call(limit, 2)
  await clock.advance(60_000)
  expect((await call(limit, 3))()).toEqual(['done', 'done', 'refused'])
})

test('what is too much is refused where the limit says so, and costs nothing', async () => {
  const { limit, clock } = createLimit({ frequency: 3, bucket: 1, reject: true })
  expect((await call(limit, 4))()).toEqual(['done', 'refused', 'refused', 'refused'])
  await clock.advance(334)
  expect((await call(limit, 2))()).toEqual(['done', 'refused'])
})

test('a clock that is set back takes nothing away', async () => {
  const { limit, clock } = createLimit({ frequency: 1, bucket: 1, reject: true })
  await call(limit, 1)
  await clock.advance(-3_600_000)
  expect((await call(limit, 1))()).toEqual(['refused'])
  await clock.advance(1000)
  expect((await call(limit, 2))()).toEqual(['done', 'refused'])
})

test('nobody waits for longer than a minute', async () => {
  const { limit, clock } = createLimit({ frequency: 1, bucket: 1 })
  const states = await call(limit, 100)
  expect(states().filter((is) => is === 'waiting')).toHaveLength(60)
  expect(states().filter((is) => is === 'refused')).toHaveLength(39)
  await clock.advance(60_000)
  expect(states()).not.toContain('waiting')
})

test('a link that calls too often is answered so, and others are not concerned', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const busy = account.gateway({ rate_limit: { frequency: 1, bucket: 1, reject: true } })
  const other = account.gateway()
  const status = { action: 'get_status', params: {} }
  expect(await busy.call(status)).toMatchObject({ status: 200, body: { retcode: 0 } })
  const { status: code, body } = await busy.call(status)
  expect(code).toBe(429)
  expect(body).toMatchObject({ status: 'failed', retcode: 1429, msg: 'RATE_LIMITED' })
  expect(body.wording).toMatch(/^too many calls: this link may do 1 a second, 1 of them at once; call again later$/)
  expect(await other.call(status)).toMatchObject({ status: 200 })
  await account.clock.advance(1000)
  expect(await busy.call(status)).toMatchObject({ status: 200 })
})
