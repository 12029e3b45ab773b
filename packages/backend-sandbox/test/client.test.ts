import { expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const phone = { app_id: 7, device_name: 'My phone', device_kind: 'Phone' }

it('tells of the devices of the account when they come and go', async () => {
  const run = await startSandbox()
  await run.play('client', { ...phone, as: 10001 })
  const notice = { time: now, self_id: 10000, post_type: 'notice', notice_type: 'client_status', client: phone }
  expect(run.last()).toEqual({ ...notice, online: true })
  await run.play('client', phone)
  expect(run.host.events).toHaveLength(1)
  const again = await restart(run)
  expect(await again.act('get_online_clients')).toEqual({ clients: [phone] })
  await again.play('client', { app_id: 7, online: false })
  expect(again.last()).toEqual({ ...notice, online: false })
  expect(await again.act('get_online_clients')).toEqual({ clients: [] })
})

it('knows no device that is not online', async () => {
  const run = await startSandbox()
  expect(await answerOf(run, run.play('client', { app_id: 7, online: false }))).toBe(
    '102 CLIENT_NOT_FOUND: the account is online on no device with the app_id 7',
  )
  expect(await refusal(run, run.play('client', {}))).toBe('bad-params BAD_PARAMS')
})
