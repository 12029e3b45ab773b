import { examineUpstream } from '@seekyou/backend-onebot'
import { createRecordingLogger, FakeUpstream } from '@seekyou/testkit'
import { expect, test } from 'vitest'

const log = createRecordingLogger()

async function examine(kind: 'napcat' | 'llonebot' | 'go-cqhttp' | 'generic', supported?: readonly string[]) {
  await using upstream = await FakeUpstream.start({ kind })
  if (supported) upstream.answer('get_supported_actions', () => supported)
  const examination = await examineUpstream({ log, url: upstream.url })
  const calls = new Set(upstream.calls.map(({ action }) => action))
  return { ...examination, calls, of: (name: string) => examination.actions.find(({ action }) => action === name) }
}

test('says who is there, and of each action how well it is done and why', async () => {
  const napcat = await examine('napcat')
  expect(napcat).toMatchObject({
    identity: { user_id: 10000, nickname: 'SeekYou' },
    appName: 'NapCat.Onebot',
    appVersion: '4.8.95',
    profile: 'napcat',
    condition: { phase: 'online' },
  })
  expect(napcat.of('get_friend_list')).toEqual({ action: 'get_friend_list', verdict: 'native' })
  expect(napcat.of('set_group_ban')).toMatchObject({ verdict: 'repaired', reason: expect.stringContaining('duration') })
  expect(napcat.of('get_group_info')).toMatchObject({
    verdict: 'lossy',
    reason: expect.stringContaining('group_level'),
  })
  expect(napcat.of('set_group_anonymous')).toMatchObject({ verdict: 'missing' })
  expect(napcat.of('get_word_slices') ?? napcat.of('.get_word_slices')).toMatchObject({
    verdict: 'repaired',
    reason: 'it is done here',
  })
  expect(new Set(napcat.actions.map(({ action }) => action)).size).toBeGreaterThan(115)
})

test('only asks', async () => {
  const { calls } = await examine('llonebot')
  expect([...calls].toSorted()).toEqual(['get_login_info', 'get_supported_actions', 'get_version_info'])
})

test('believes an upstream that lists what it has', async () => {
  const { of } = await examine('generic', ['send_group_msg', 'get_msg'])
  expect(of('send_group_msg')).toMatchObject({ verdict: 'native' })
  expect(of('set_group_kick')).toEqual({
    action: 'set_group_kick',
    verdict: 'missing',
    reason: 'the upstream does not list it among its actions',
  })
})

test('says what it waited for where nobody is there', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'generic' })
  const { url } = upstream
  await upstream.crash()
  await expect(examineUpstream({ log, url, timeoutSeconds: 0.2 })).rejects.toThrow(
    /^the upstream cannot be reached: .*ECONNREFUSED.*; waiting for a OneBot 11 implementation that listens on ws:/,
  )
})
