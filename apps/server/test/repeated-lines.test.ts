import { createVirtualClock } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { RepeatedLines } from '../src/repeated-lines.ts'
import type { LogLine } from '../src/repeated-lines.ts'

function createLines() {
  const clock = createVirtualClock()
  const written: string[] = []
  const lines = new RepeatedLines(({ message, fields }) => {
    const { at } = fields as { at?: number }
    written.push(at === undefined ? message : `${message} @${at}`)
  }, clock)
  const say = (message: string, line: Partial<LogLine> = {}) =>
    lines.take({ level: 'warn', source: 'hub', fields: {}, message, ...line })
  return { clock, written, lines, say }
}

test('the first is told at once, the rest of ten seconds as one, the newest of them', async () => {
  const { clock, written, say } = createLines()
  for (let at = 0; at < 39; at++) say('down', { fields: { at } })
  expect(written).toEqual(['down @0'])
  await clock.advance(9_999)
  expect(written).toEqual(['down @0'])
  await clock.advance(1)
  expect(written).toEqual(['down @0', 'down … (37 more) @38'])
})

test('what goes on is told every ten seconds, and what has stopped is told at once when it comes again', async () => {
  const { clock, written, say } = createLines()
  for (let second = 0; second < 30; second++) {
    say('down')
    await clock.advance(1000)
  }
  expect(written).toEqual(['down', 'down … (8 more)', 'down … (9 more)', 'down … (9 more)'])
  await clock.advance(20_000)
  say('down')
  expect(written).toHaveLength(5)
})

test('one that came twice is told twice', async () => {
  const { clock, written, say } = createLines()
  say('down')
  say('down')
  await clock.advance(10_000)
  expect(written).toEqual(['down', 'down'])
})

test('other words, another source and another level are other lines; of debug lines none is held back', () => {
  const { written, say } = createLines()
  say('down')
  say('up')
  say('down', { source: 'store' })
  say('down', { level: 'error' })
  expect(written).toHaveLength(4)
  for (let time = 0; time < 3; time++) say('looking', { level: 'debug' })
  expect(written).toHaveLength(7)
})

test('what is held back is told at the end, and no later', async () => {
  const { clock, written, lines, say } = createLines()
  for (let time = 0; time < 3; time++) say('down')
  lines.flush()
  expect(written).toEqual(['down', 'down … (1 more)'])
  await clock.advance(60_000)
  expect(written).toHaveLength(2)
})

test('lines without end take no memory without end: what is too much is told', () => {
  const { written, say } = createLines()
  for (let time = 0; time < 2; time++) for (let line = 0; line < 2000; line++) say(`line ${line}`)
  expect(written).toHaveLength(3000)
})
