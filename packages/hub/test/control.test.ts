import { ActionFailure } from '@seekyou/protocol'
import type { Backend, ControlVerb } from '@seekyou/protocol'
import { createRecordingLogger, createVirtualClock } from '@seekyou/testkit'
import { expect, it, test } from 'vitest'
import type { AccountAudit } from '../src/audit.ts'
import { createControl } from '../src/control.ts'
import { createLinkScope } from '../src/link-scope.ts'
import { scopeOptions } from '../src/token-options.ts'

const verbs: Readonly<Record<string, ControlVerb>> = {
  world: { reads: true, run: async () => 'the world' },
  clock: { reads: false, read: async () => 'the time', run: async () => 'set' },
  say: {
    reads: false,
    run: async (params) => {
      if (params === undefined) throw new ActionFailure('bad-params', 'say who')
      return 'said'
    },
  },
  wait: { reads: true, run: async (_, gone) => String(gone?.aborted) },
}

function create(control: Backend['control'] = verbs) {
  const audited: Parameters<AccountAudit>[0][] = []
  const backend: Backend = {
    kind: 'scripted',
    identify: () => Promise.reject(new Error('nobody asks')),
    start: async () => undefined,
    stop: async () => undefined,
    condition: () => ({ phase: 'online' }),
    actions: {},
    control,
  }
  const play = createControl({
    backend,
    mediaUrl: (key) => `http://127.0.0.1:5700/media/${key}`,
    audit: (entry) => void audited.push(entry),
    log: createRecordingLogger(),
  })
  return { play, audited }
}

test.each([
  ['a verb that reads, by GET', 'world', true, 'the world'],
  ['a verb that acts, by POST', 'say', false, 'said'],
  ['a verb that acts and has something to show, by GET', 'clock', true, 'the time'],
  ['a verb that acts and has something to show, by POST', 'clock', false, 'set'],
])('does %s', async (_, action, reads, data) => {
  expect(await create().play({ action, params: {}, reads }, undefined)).toEqual({ type: 'done', data })
})

test.each([
  ['a verb that acts, by GET', 'say', true, {}, 'bad-method', 'say changes things: call it with POST'],
  ['params that the verb refuses', 'say', false, undefined, 'bad-params', 'say who'],
  [
    'a verb nobody knows',
    'dance',
    false,
    {},
    'unknown-action',
    'there is no verb "dance"; the verbs are world, clock, say, wait',
  ],
  [
    'a name of every object',
    'constructor',
    false,
    {},
    'unknown-action',
    'there is no verb "constructor"; the verbs are world, clock, say, wait',
  ],
])('fails %s, and says why', async (_, action, reads, params, kind, message) => {
  const outcome = await create().play({ action, params, reads }, undefined)
  expect(outcome).toMatchObject({ type: 'failed', failure: { kind, message } })
})

it('is said to be absent by a backend without one', async () => {
  const outcome = await create({}).play({ action: 'say', params: {}, reads: false }, undefined)
  expect(outcome).toMatchObject({
    failure: { kind: 'unknown-action', message: expect.stringContaining('scripted backend has no other side') },
  })
})

it('tells a verb when nobody waits for it any more', async () => {
  const outcome = await create().play({ action: 'wait', params: {}, reads: true, gone: AbortSignal.abort() }, undefined)
  expect(outcome).toEqual({ type: 'done', data: 'true' })
})

it('is nothing for a client that may not do everything, and that is written down', async () => {
  const { play, audited } = create()
  const scope = createLinkScope(scopeOptions.parse({ allow: ['get_status'] }), 'shop', createVirtualClock())
  const outcome = await play({ action: 'world', params: {}, reads: true, from: '127.0.0.1' }, scope)
  const reason = 'the link "shop" may not play the other side: that takes the access token'
  expect(outcome).toMatchObject({ type: 'failed', failure: { kind: 'refused', message: reason } })
  expect(audited).toEqual([{ token: null, action: null, chat: null, from: '127.0.0.1', outcome: 'refused', reason }])
})
