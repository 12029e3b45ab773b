import { refuseTakenNumber, sandboxOptions } from '@seekyou/backend-sandbox'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { startSandbox } from './run.ts'

it('is the bot SeekYou, 10000, before it is started', async () => {
  const { backend } = await startSandbox()
  expect(backend.kind).toBe('sandbox')
  expect(await backend.identify()).toEqual({ user_id: 10000, nickname: 'SeekYou' })
})

it('is online from its start to its stop', async () => {
  const { backend } = await startSandbox()
  expect(backend.condition().phase).toBe('online')
  await backend.stop()
  expect(backend.condition().phase).toBe('offline')
})

it('can do nothing once it is stopped, and says so', async () => {
  const run = await startSandbox()
  await run.backend.stop()
  await expect(run.act('get_login_info')).rejects.toMatchObject({ kind: 'unreachable' })
  await expect(run.play('world')).rejects.toMatchObject({ kind: 'unreachable' })
})

it('begins with the default world unless told otherwise, and knows no other options', () => {
  expect(sandboxOptions.parse({})).toEqual({
    world: 'default',
    clock: 'real',
    unsupported_segments: 'refuse',
    control: true,
  })
  expect(sandboxOptions.safeParse({ world: 'moon' }).success).toBe(false)
  expect(sandboxOptions.safeParse({ worlds: 'default' }).success).toBe(false)
})

it('is the bot of the number it was given, also after a reset to a world built in', async () => {
  const run = await startSandbox({ self_id: 77 })
  expect(await run.backend.identify()).toEqual({ user_id: 77, nickname: 'SeekYou' })
  await run.play('reset', { world: 'default' })
  const { groups } = (await run.play('world')) as { groups: { members: object[] }[] }
  expect(groups[0]!.members).toContainEqual(expect.objectContaining({ user_id: 77, role: 'owner' }))
})

it('cannot have the number of someone else', () => {
  const options = z.strictObject(sandboxOptions.shape).superRefine(refuseTakenNumber)
  expect(options.safeParse({ self_id: 10001 }).error?.issues).toMatchObject([
    { path: ['self_id'], message: 'a number that nobody else in its world has' },
  ])
  expect(options.safeParse({ self_id: 10001, world: 'empty' }).success).toBe(true)
})

it('has no control API where that is switched off', async () => {
  const { backend } = await startSandbox({ control: false })
  expect(backend.control).toBeUndefined()
  expect(backend.condition().phase).toBe('online')
})

it.each([
  ['a world that is neither built in nor a path', { world: 'moon' }],
  ['a clock of another kind', { clock: 'sundial' }],
  ['a seed below 0', { seed: -1 }],
  ['a seed that is too large', { seed: 2 ** 32 }],
])('knows no option for %s', (_, options) => {
  expect(sandboxOptions.safeParse(options).success).toBe(false)
})
