import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createSandbox } from '@seekyou/backend-sandbox'
import { Account, accountOptions, linkOptions } from '@seekyou/hub'
import type { EventSink } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import {
  createMemoryFiles,
  createRecordingLogger,
  createTemporaryFolder,
  createVirtualClock,
  runProgram,
  settle,
  startProgram,
} from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'

const world = `users:
  - { nickname: Ada, friend: true }
  - { user_id: 10101-10103, nickname: 'M{id}' }
groups:
  - { group_name: Club, owner: bot, members: [Ada, 10101-10103] }
`
const config = 'bots: [{ backend: { type: sandbox, world: ./world.yml } }]'

const inPackage = (path: string) => new URL(`../../../packages/backend-sandbox/${path}`, import.meta.url)

interface World {
  readonly users: readonly { readonly user_id: number; readonly nickname: string }[]
}

describe('a world file', () => {
  test('is found beside the configuration, read again on reload, and looked at again after a restart', async () => {
    await using folder = await createTemporaryFolder()
    const file = join(folder.path, 'world.yml')
    const names = async (program: { look<Data>(verb: string): Promise<Data> }) =>
      (await program.look<World>('world')).users.map(({ user_id, nickname }) => `${user_id} ${nickname}`)
    await writeFile(file, world)
    {
      await using program = await startProgram({ folder: folder.path, config })
      expect(await names(program)).toEqual([
        '10000 SeekYou',
        '10001 Ada',
        '10101 M10101',
        '10102 M10102',
        '10103 M10103',
      ])
      await writeFile(file, world.replace('10101-10103, n', '10101-10102, n').replace('Ada, 10101-10103', 'Ada'))
      await program.sandbox('reload', {})
      expect(await names(program)).toEqual(['10000 SeekYou', '10001 Ada', '10101 M10101', '10102 M10102'])
      await writeFile(file, 'users: [{ nickname: Ada }, { nickname: }]')
      await expect(program.sandbox('reload', {})).rejects.toThrow('./world.yml:1:40: users[1].nickname is missing')
      await program.stop()
    }
    await writeFile(file, 'users: [{ nickname: Bea }, { nickname: Ada }]')
    await using program = await startProgram({ folder: folder.path, config })
    expect(await names(program)).toEqual(['10000 SeekYou', '10001 Ada', '10002 Bea'])
  })

  test.each([
    ['the one to put load on', async () => readFile(inPackage('worlds/load.yml'), 'utf8'), 201],
    [
      'the one in the README',
      async () => /```yaml\n(.+?)```/s.exec(await readFile(inPackage('README.md'), 'utf8'))![1]!,
      203,
    ],
  ])('%s can be used as it is', async (_, read, people) => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'world.yml'), await read())
    await using program = await startProgram({ folder: folder.path, config })
    expect((await program.look<World>('world')).users).toHaveLength(people)
  })

  test.each<[string, string | undefined, string]>([
    [
      'is not there',
      undefined,
      'seekyou.yml:1:36: bots[0].backend.world: ./world.yml: the world file cannot be read: there is no such file',
    ],
    [
      'has a key that means nothing',
      'users:\n  - { nick: Ada }\n',
      './world.yml:2:7: users[0].nick is not a key here; known: user_id, nickname,',
    ],
    [
      'names nobody',
      world.replace('[Ada,', '[Eve,'),
      './world.yml:5:47: groups[0].members[0] takes the nickname of a user of this file, not "Eve"',
    ],
    ['is no YAML', 'users: [', './world.yml:1:9: '],
  ])('that %s stops the start, and says where', async (_, text, sentence) => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'seekyou.yml'), config)
    if (text !== undefined) await writeFile(join(folder.path, 'world.yml'), text)
    await using run = runProgram(['--port', '0'], { folder: folder.path })
    expect(await run.exit).toEqual({ code: 1, signal: null })
    expect(run.stderr.join('\n')).toContain(sentence)
    expect(run.stderr.join('\n')).not.toContain('    at ')
  })
})

describe('the control API', () => {
  test('says that it is switched off where it is', async () => {
    await using program = await startProgram({ config: 'bots: [{ backend: { type: sandbox, control: false } }]' })
    await expect(program.look('world')).rejects.toThrow(/status 404: .*1404.*switched off in the configuration/)
    await expect(program.sandbox('say', {})).rejects.toThrow(/status 404/)
    expect(await program.call('get_login_info')).toEqual({ user_id: 10000, nickname: 'SeekYou' })
  })

  test('shows what verbs set by GET', async () => {
    await using program = await startProgram({ config: 'bots: [{ backend: { type: sandbox, clock: virtual } }]' })
    expect(await program.sandbox('clock', { advance_ms: 1000 })).toEqual(await program.look('clock'))
    expect(await program.look('faults')).toEqual({ actions: [], drop_events: 0, duplicate_events: 0, disconnect: 0 })
  })

  test('breaks the connection of a bot, and those that come too soon', async () => {
    await using program = await startProgram()
    const open = () => {
      const socket = new WebSocket(program.url.replace('http', 'ws'))
      const closed = new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
      const told = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
      return { socket, closed, told }
    }
    const first = open()
    await first.told
    await program.sandbox('faults', { disconnect: 600 })
    expect(await first.closed).toBe(1006)
    expect(await open().closed).toBe(1006)
    await program.sandbox('faults', { disconnect: 0 })
    const last = open()
    await last.told
    last.socket.close()
  })
})

/** A sandbox behind the real hub and store in `dataDir`, driven through a gateway. */
async function startAccount(dataDir: string) {
  const clock = createVirtualClock(Date.now())
  const log = createRecordingLogger()
  const store = await openStore({ dataDir, clock, log })
  const account = await Account.open({
    backend: createSandbox({ clock: 'virtual', seed: 42 }),
    store,
    files: createMemoryFiles(),
    options: accountOptions.parse({ heartbeat_interval: 0 }),
    clock,
    log,
    version: '1.2.3',
    mediaUrl: () => 'http://127.0.0.1:5700',
  })
  await account.start()
  const gateway = account.gateway(linkOptions.parse({ report_self_message: true, message_format: 'array' }))
  const told: string[] = []
  const sink: EventSink = {
    write({ seq, text }) {
      if (seq !== undefined) told.push(text)
      return true
    },
    end: () => undefined,
  }
  gateway.subscribe(sink, { lifecycle: 'connect' })
  return {
    told,
    journal: store.account(account.self.user_id).journal,
    play: async (verb: string, params: object = {}) =>
      (await gateway.control({ action: verb, params, reads: false })).body,
    look: async (verb: string) => (await gateway.control({ action: verb, params: {}, reads: true })).body.data,
    act: async (action: string, params: object) => (await gateway.call({ action, params })).body,
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}
type Running = Awaited<ReturnType<typeof startAccount>>

/** Two halves of a script; between them there may be a restart. */
const script: readonly (readonly ((run: Running) => Promise<unknown>)[])[] = [
  [
    (run) => run.play('say', { as: 10001, group_id: 20001, message: 'roll! [CQ:dice][CQ:rps]' }),
    (run) => run.act('send_group_msg', { group_id: 20001, message: '[CQ:reply,id=1][CQ:dice]' }),
    (run) => run.play('create_user', { nickname: 'Frank', friend: 'two-way' }),
    (run) => run.play('clock', { advance_ms: 61_500 }),
    (run) =>
      run.play('say', {
        as: 10006,
        message: [{ type: 'image', data: { file: 'base64://R0lGODlhAQABAAAAACwAAAAAAQABAAA=' } }],
      }),
    (run) => run.play('say', { as: 10001, group_id: 20001, message: 'boo', anonymous: true }),
    (run) => run.play('red_packet', { as: 10001, group_id: 20001 }),
    (run) => run.play('upload_file', { as: 10001, group_id: 20001, name: 'a.txt', content: 'YQ==' }),
    (run) => run.play('request_friend', { as: 10004, comment: 'hi' }),
    (run) => run.play('snapshot'),
    (run) =>
      Promise.all([1, 2, 3].map((n) => run.play('say', { as: 10001, group_id: 20001, message: `[CQ:dice] ${n}` }))),
  ],
  [
    (run) => run.act('delete_msg', { message_id: 2 }),
    (run) => run.act('set_friend_add_request', { flag: '1' }),
    (run) => run.act('set_group_ban', { group_id: 20001, user_id: 10002, duration: 60 }),
    (run) => run.play('say', { as: 10001, guild_id: '40001', channel_id: '50001', message: 'x' }),
    (run) => run.play('restore'),
    (run) => run.play('kick', { as: 10003, group_id: 20001, user_id: 10002 }),
    (run) => run.play('say', { as: 10004, group_id: 20001, message: 'boo', anonymous: true }),
    (run) => run.play('say', { as: 10001, group_id: 20001, message: '[CQ:dice]' }),
    (run) => run.play('say', { as: 19999, message: 'nobody' }),
    (run) => run.play('faults', { duplicate_events: 1 }),
    (run) => run.play('poke', { as: 10001, target_id: 10000 }),
    (run) => run.play('emit', { event: { post_type: 'notice', notice_type: 'friend_add', user_id: 10004 } }),
    (run) => run.play('reset'),
    (run) => run.play('say', { as: 10001, group_id: 20001, message: '[CQ:dice]' }),
  ],
]

/** The event journal of one run of the script, byte for byte, and what a link was told. */
async function runScript({ restarts }: { readonly restarts: boolean }) {
  await using folder = await createTemporaryFolder()
  const told: string[] = []
  const journal: string[] = []
  const parts = restarts ? script : [script.flat()]
  for (const steps of parts) {
    await using run = await startAccount(folder.path)
    for (const step of steps) await step(run)
    await settle()
    told.push(...run.told)
    journal.splice(
      0,
      journal.length,
      ...(await run.journal.read(0, 1000)).map(({ seq, event }) => `${seq} ${JSON.stringify(event)}`),
    )
  }
  return { journal: journal.join('\n'), told: told.join('\n') }
}

test('the same seed, clock and script give the same journal, byte for byte, also with a restart in between', async () => {
  const first = await runScript({ restarts: false })
  expect(first.journal.split('\n')).toHaveLength(28)
  expect(await runScript({ restarts: false })).toEqual(first)
  expect(await runScript({ restarts: true })).toEqual(first)
})

test('on a full disk nothing happens in the sandbox, and afterwards it goes on where it was', async () => {
  await using folder = await createTemporaryFolder()
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec')
  await using run = await startAccount(folder.path)
  const db = (exec.mock.contexts as DatabaseSync[]).find((context) => context.location()?.endsWith('seekyou.db'))!
  exec.mockRestore()
  await run.play('say', { as: 10001, group_id: 20001, message: '[CQ:dice]' })

  db.exec('PRAGMA max_page_count = 1')
  const long = 'x'.repeat(5000)
  // This is written down, and then the database does not take it.
  await run.play('say', { as: 10001, group_id: 20001, message: long })
  await expect(run.journal.read(0, 1)).rejects.toThrow(/full/)
  const before = await run.look('world')
  const outcomes = await Promise.all([
    ...Array.from({ length: 20 }, () => run.play('say', { as: 10001, group_id: 20001, message: long })),
    run.play('create_user', { nickname: 'Frank' }),
    run.act('send_group_msg', { group_id: 20001, message: `[CQ:dice]${long.slice(20)}` }),
  ])
  expect(new Set(outcomes.map(({ retcode }) => retcode))).toEqual(new Set([1500]))
  expect(await run.look('world')).toEqual(before)

  db.exec('PRAGMA max_page_count = 1000000')
  const { data } = await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
  expect(data).toMatchObject({ message_seq: 3 })
  expect((await run.journal.read(0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3])
})
