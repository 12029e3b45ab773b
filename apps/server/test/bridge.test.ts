import { writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { createTemporaryFolder, FakeUpstream, runProgram, startProgram, startTcpServer } from '@seekyou/testkit'
import { expect, test } from 'vitest'

const backendOf = (options: string) => `bots: [{ backend: { type: onebot, ${options} } }]`
const patiently = { timeout: 10_000, interval: 20 }

test('serves the account of an implementation, and says by get_status when that is gone', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat', token: 'secret of theirs' })
  await using program = await startProgram({
    config: backendOf(`url: '${upstream.url}', access_token: 'secret of theirs', reconnect_interval: 0.2`),
  })
  expect(await program.call('get_login_info')).toEqual({ user_id: 10000, nickname: 'SeekYou' })
  const { message_id } = await program.call<{ message_id: number }>('send_group_msg', {
    group_id: 20001,
    message: 'hi',
  })
  expect(await program.call('get_msg', { message_id })).toMatchObject({ message: 'hi', group_id: 20001 })
  upstream.network.say(10001, { group_id: 20001 }, 'hello')
  const history = () => program.call<{ messages: { message: string }[] }>('get_group_msg_history', { group_id: 20001 })
  await expect
    .poll(async () => (await history()).messages.map(({ message }) => message), patiently)
    .toEqual(['hi', 'hello'])
  expect(await program.call<string[]>('get_supported_actions')).not.toContain('set_group_anonymous')

  await upstream.crash()
  await expect.poll(() => program.call('get_status'), patiently).toMatchObject({ online: false, good: false })
  expect(await program.call('get_status')).toMatchObject({
    reason: expect.stringContaining(`listens on ${upstream.url}`),
  })
  expect((await history()).messages).toHaveLength(2)
  await upstream.listen()
  await expect.poll(() => program.call('get_status'), patiently).toMatchObject({ online: true, good: true })
  await program.stop()
  expect(program.stderr.join('\n')).not.toContain('secret of theirs')
})

test('starts without an implementation that it has met before', async () => {
  await using folder = await createTemporaryFolder()
  await using upstream = await FakeUpstream.start({ kind: 'llonebot' })
  const config = backendOf(`url: '${upstream.url}', reconnect_interval: 0.2`)
  await using first = await startProgram({ config, folder: folder.path })
  const { message_id } = await first.call<{ message_id: number }>('send_group_msg', { group_id: 20001, message: 'hi' })
  await first.stop()
  await upstream.crash()

  await using second = await startProgram({ config, folder: folder.path })
  expect(await second.call('get_login_info')).toEqual({ user_id: 10000, nickname: 'SeekYou' })
  expect(await second.call('get_msg', { message_id })).toMatchObject({ message: 'hi' })
  await expect(second.call('send_group_msg', { group_id: 20001, message: 'hi' })).rejects.toThrow(/nothing was sent/)
  await upstream.listen()
  await expect.poll(() => second.call('get_status'), patiently).toMatchObject({ online: true })
  expect(await second.call('delete_msg', { message_id })).toBeNull()
  expect(upstream.network.messagesIn(20001)).toMatchObject([{ isRecalled: true }])
})

test('waits for one that it never met, says so, and stops when it is told to', async () => {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  // Whoever dials is hung up on: between two attempts there is nothing that would keep a process alive by itself.
  let attempts = 0
  const onSocket = (socket: Socket): void => {
    attempts++
    socket.destroy()
  }
  const { port } = opened.use(await startTcpServer(onSocket))
  const url = `ws://127.0.0.1:${port}`
  await writeFile(`${folder.path}/seekyou.yml`, backendOf(`url: '${url}', reconnect_interval: 0.1`))
  const run = opened.use(
    runProgram(['--print-ready', '--port', '0', '--data-dir', `${folder.path}/data`], { folder: folder.path }),
  )
  await expect.poll(() => attempts, patiently).toBeGreaterThan(3)
  expect(run.stderr.join('\n')).toContain(`waiting for a OneBot 11 implementation that listens on ${url}`)
  run.kill('SIGTERM')
  expect(await run.exit).toEqual({ code: 0, signal: null })
  expect(run.stdout).toEqual([])
})

test('a port that is taken is told by line and key', async () => {
  await using folder = await createTemporaryFolder()
  await using upstream = await FakeUpstream.start({ kind: 'generic' })
  const port = new URL(upstream.url).port
  await writeFile(
    `${folder.path}/seekyou.yml`,
    `bots:\n  - backend:\n      type: onebot\n      listen: { port: ${port} }\n`,
  )
  await using run = runProgram(['--port', '0', '--data-dir', `${folder.path}/data`], { folder: folder.path })
  expect(await run.exit).toEqual({ code: 1, signal: null })
  expect(run.stderr).toEqual([
    `seekyou.yml:4:7: bots[0].backend.listen: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  ])
})
