import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import { decodeCqCode, encodeCqCode, escapeValue, MessageInputError, readMessage, unescape } from '@seekyou/message'
import * as fc from 'fast-check'
import { plainDoor } from '../door.ts'
import { strangeText } from '../strange.ts'

const SHORT = 32 * 1024
const LONG = 512 * 1024
/** Linear work takes 16 times as long for the long text; quadratic work 256 times. */
const MOST_GROWTH = 60
/** Below this nobody is kept waiting, and the clock of a processor is too coarse to tell. */
const WORTH_TELLING_MS = 60

const patterns = ['^(a+)+$', '(.*)*=', '(\\w+\\s?)*$', '(a|a?)+$', '\\[CQ:.*,.*=.*\\]', '(吃|饭).*(明|天)$', '.*.*.*x']
const filterOf = (pattern: string) => compileFilter({ raw_message: { '.regex': pattern } })
const compiled = patterns.map(filterOf)

/** Everything that takes a text of any length. */
const works: Readonly<Record<string, (text: string) => unknown>> = {
  decode: decodeCqCode,
  'decode as a value': (text) => decodeCqCode(`[CQ:x,${text}`),
  encode: (text) => encodeCqCode([{ type: 'x', data: { a: text } }]),
  escape: (text) => unescape(escapeValue(text)),
  read: (text) => unless(MessageInputError, () => readMessage(text)),
  'a path of a filter': (text) => unless(FilterSyntaxError, () => compileFilter({ [text]: 1 }).test({ a: 1 })),
  'a pattern of a filter': (text) => unless(FilterSyntaxError, () => filterOf(text).test({ raw_message: 'a' })),
  ...Object.fromEntries(
    compiled.map((filter, index) => [
      `the pattern ${patterns[index]}`,
      (text: string) => filter.test({ raw_message: text }),
    ]),
  ),
}

function unless(expected: typeof MessageInputError | typeof FilterSyntaxError, run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof expected) return undefined
    throw error
  }
}

function processorMs(run: () => unknown): number {
  let best = Infinity
  for (let time = 0; time < 3; time++) {
    const start = process.threadCpuUsage()
    run()
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

/** What is sixteen times as long takes about sixteen times as long. */
function check({ work, piece }: { readonly work: string; readonly piece: string }): void {
  const run = works[work]!
  const [short, long] = [SHORT, LONG].map((size) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size)) as [
    string,
    string,
  ]
  const longMs = processorMs(() => run(long))
  if (longMs < WORTH_TELLING_MS) return
  const growth =
    longMs /
    Math.max(
      processorMs(() => run(short)),
      0.5,
    )
  if (growth > MOST_GROWTH)
    throw new Error(`${work}: 16 times the text takes ${growth.toFixed(0)} times as long, ${longMs.toFixed(0)} ms`)
}

const cases = fc.record({
  work: fc.constantFrom(...Object.keys(works)),
  piece: strangeText.map((text) => text.slice(0, 24) || 'a'),
})

/** Its verdict hangs on a clock, so no test of `npm test` opens it. */
export const growth = plainDoor('growth', 1000, cases, check)
