import { Writable } from 'node:stream'
import { createVirtualClock } from '@seekyou/testkit'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { configSchema } from '../src/config.ts'
import { createLogOn } from '../src/log.ts'
import type { LogLevelOption } from '../src/log-options.ts'

function createLog(levels: LogLevelOption) {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
      done()
    },
  })
  const root = pino({ level: 'trace', base: null }, stream)
  return { lines, log: createLogOn(root, levels, createVirtualClock()) }
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
