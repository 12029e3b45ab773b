import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createVirtualClock, startProgram } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { configSchema } from '../src/config-schema.ts'
import { createLogOn } from '../src/log.ts'
import type { LogLevelOption } from '../src/log-options.ts'

function createLog(levels: LogLevelOption) {
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>)
  return { lines, log: createLogOn({ write }, levels, createVirtualClock()) }
}

describe('levels', () => {
  test('one holds for every line', () => {
    const { lines, log } = createLog('warn')
    log.info({}, 'a')
    log.child({ room: 'store' }).warn({}, 'b')
    log.child({ room: 'store' }).info({}, 'c')
    log.fatal({}, 'd')
    expect(lines.map(({ msg }) => msg)).toEqual(['b', 'd'])
  })

  test('an area has its own, and so have loggers that were made of its logger', () => {
    const { lines, log } = createLog({ default: 'error', 'transport-ws': 'debug', hub: 'silent' })
    log.child({ room: 'transport-ws' }).child({ peer: 'x' }).debug({}, 'a')
    log.child({ room: 'hub' }).error({}, 'b')
    log.child({ room: 'hub', account: 1 }).child({ room: 'backend-sandbox' }).error({}, 'c')
    log.warn({}, 'd')
    expect(lines).toMatchObject([
      { room: 'transport-ws', peer: 'x', msg: 'a', level: 20 },
      { room: 'backend-sandbox', account: 1, msg: 'c' },
    ])
  })

  test('can be changed for loggers that are there already', () => {
    const { lines, log } = createLog('error')
    const child = log.child({ room: 'store' })
    log.setLevels({ default: 'error', store: 'info' })
    child.info({}, 'a')
    log.info({}, 'b')
    log.setLevels('silent')
    log.fatal({}, 'c')
    expect(lines.map(({ msg }) => msg)).toEqual(['a'])
  })

  test.each([
    ['loud', /^one of fatal, error, warn, info, debug, trace, silent$/],
    [['info'], /one of fatal, .*silent$/],
  ])('%j is none', (log_level, message) => {
    expect(configSchema.safeParse({ log_level }).error?.issues).toMatchObject([
      { path: ['log_level'], message: expect.stringMatching(message) },
    ])
  })
})

test('no secret is written, wherever it stands', () => {
  const { lines, log } = createLog('info')
  log.child({ room: 'hub', access_token: 'hush' }).info({ secret: 'hush', options: { token: 'hush', url: 'x' } }, 'a')
  expect(lines).toMatchObject([{ options: { url: 'x' }, msg: 'a' }])
  expect(JSON.stringify(lines)).not.toContain('hush')
})

test('what repeats itself is told at the end of the program as well', async () => {
  let attempts = 0
  await using closing = new AsyncDisposableStack()
  const server = createServer((socket) => {
    attempts++
    socket.destroy()
  }).listen(0, '127.0.0.1')
  closing.defer(() => new Promise<void>((resolve) => server.close(() => resolve())))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const link = `{ type: reverse-ws, name: a, url: 'ws://127.0.0.1:${port}/', reconnect_interval: 0.01, reconnect_interval_max: 0.02 }`
  await using program = await startProgram({ config: `bots: [{ connect: [${link}] }]` })
  await expect.poll(() => attempts, { timeout: 20_000, interval: 10 }).toBeGreaterThan(5)
  await program.stop()
  const told = program.stderr.filter((line) => line.includes('trying again later'))
  expect(told).toHaveLength(2)
  expect(program.stderr.at(-1)).toMatch(/"stopped"/)
  expect(told[0]).toMatch(/"room":"transport-ws","link":"a",.*trying again later"/)
  expect(told[1]).toMatch(/trying again later … \(\d+ more\)"/)
})

test('a log that cannot be written ends nothing', async () => {
  // Of Linux: a file on a disk that is always full.
  await using program = await startProgram({ errorsTo: '/dev/full' })
  const socket = new WebSocket(program.url.replace('http', 'ws'))
  await once(socket, 'open')
  const closed = once(socket, 'close')
  // The restart is worth a line.
  await program.call('set_restart').catch(() => undefined)
  await closed
  await expect
    .poll(
      () =>
        fetch(`${program.url}/get_status`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
  expect(await program.stop()).toEqual({ code: 0, signal: null })
})
