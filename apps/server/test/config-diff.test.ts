import { describe, expect, test } from 'vitest'
import { configSchema } from '../src/config-schema.ts'
import { describeChanges, diffConfig } from '../src/config-diff.ts'

/** What becomes of a configuration, in the words of the log. */
function changes(before: object, after: object) {
  const [left, right] = [configSchema.parse(before), configSchema.parse(after)]
  const diff = diffConfig(left, right)
  const { needsRestart } = diff
  return { ...describeChanges(left, right, diff), ...(needsRestart.length > 0 && { needsRestart }) }
}

const bot = (parts: object) => ({ bots: [parts] })
const webhook = (name: string, more: object = {}) => ({ type: 'webhook', name, url: 'http://127.0.0.1:1/', ...more })
const reverse = (name: string, more: object = {}) => ({ type: 'reverse-ws', name, url: 'ws://127.0.0.1:1/', ...more })
const sandbox = (self_id: number, port: number, more: object = {}) => ({
  backend: { type: 'sandbox', self_id, ...more },
  listen: [{ port }],
})

test.each<[what: string, before: object, after: object, changes: object]>([
  ['nothing', {}, {}, {}],
  ['a default that is spelt out', {}, { data_dir: './data', bots: [{ listen: [{ port: 5700 }] }] }, {}],
  [
    'the order of keys',
    bot({ heartbeat_interval: 1, ...sandbox(1, 1) }),
    bot({ ...sandbox(1, 1), heartbeat_interval: 1 }),
    {},
  ],
  ['what is read anew anyway', {}, { log_level: 'debug', watch: false }, {}],
  [
    'what is read at a start',
    {},
    { data_dir: './other', store: { sync: 'full' }, files: { max_size: 1 }, metrics_open: true },
    { needsRestart: ['data_dir', 'metrics_open', 'store', 'files'] },
  ],
  ['a link that comes', {}, bot({ connect: [webhook('a')] }), { added: ['bots[0] connects to a'] }],
  [
    'a link that goes from before another',
    bot({ connect: [webhook('a'), webhook('b')] }),
    bot({ connect: [webhook('b')] }),
    { removed: ['bots[0] connects to a'] },
  ],
  [
    'links in another order',
    bot({ connect: [webhook('a'), reverse('b')] }),
    bot({ connect: [reverse('b'), webhook('a')] }),
    {},
  ],
  [
    'a filter, and how often a link may call',
    bot({ connect: [reverse('a')] }),
    bot({ connect: [reverse('a', { filter: {}, rate_limit: { frequency: 1 } })] }),
    { changed: ['bots[0] connects to a (rate_limit, filter)'] },
  ],
  [
    'the token that we show',
    bot({ connect: [reverse('a', { access_token: 'x' }), reverse('b')] }),
    bot({ connect: [reverse('a', { access_token: 'y' }), reverse('b')] }),
    { begun_again: ['bots[0] connects to a (access_token)'] },
  ],
  [
    'a link of one name and another kind',
    bot({ connect: [reverse('a')] }),
    bot({ connect: [webhook('a')] }),
    { begun_again: [expect.stringMatching(/^bots\[0\] connects to a \(type, .*url/)] },
  ],
  [
    'the token of everyone',
    bot({ listen: [{ port: 1 }, { port: 2, access_token: 'own' }], connect: [reverse('a')] }),
    {
      defaults: { access_token: 'x' },
      ...bot({ listen: [{ port: 1 }, { port: 2, access_token: 'own' }], connect: [reverse('a')] }),
    },
    {
      changed: ['bots[0] listens on 127.0.0.1:1 (access_token)'],
      begun_again: ['bots[0] connects to a (access_token)'],
    },
  ],
  [
    'a default that a link does not go by',
    bot({ listen: [{ dialect: 'cqhttp-2' }] }),
    { defaults: { dialect: 'go-cqhttp' }, ...bot({ listen: [{ dialect: 'cqhttp-2' }] }) },
    {},
  ],
  [
    'a listener',
    bot({ listen: [{ port: 1 }, { port: 2 }] }),
    bot({ listen: [{ port: 2, message_format: 'array' }, { port: 1 }] }),
    { begun_again: ['bots[0] listens on 127.0.0.1:2 (message_format)'] },
  ],
  [
    'the port of a listener',
    bot({ listen: [{ port: 1 }] }),
    bot({ listen: [{ port: 2 }] }),
    { added: ['bots[0] listens on 127.0.0.1:2'], removed: ['bots[0] listens on 127.0.0.1:1'] },
  ],
  [
    'one of the listeners on any free port',
    bot({ listen: [{ port: 0 }, { port: 0 }, { socket: 'a' }] }),
    bot({ listen: [{ port: 0 }, { port: 0, body_limit: 1 }, { socket: 'a' }] }),
    { begun_again: ['bots[0] listens on 127.0.0.1:0 (body_limit)'] },
  ],
  ['bots in another order', { bots: [sandbox(1, 1), sandbox(2, 2)] }, { bots: [sandbox(2, 2), sandbox(1, 1)] }, {}],
  [
    'a bot that comes, and one that goes',
    { bots: [sandbox(1, 1), sandbox(2, 2)] },
    { bots: [sandbox(2, 2), sandbox(3, 3), sandbox(4, 4)] },
    { removed: ['bots[0]'], added: ['bots[1]', 'bots[2]'] },
  ],
  [
    'the network of a bot',
    { bots: [sandbox(1, 1), sandbox(2, 2)] },
    { bots: [sandbox(1, 1), sandbox(2, 2, { seed: 1 })] },
    { begun_again: ['bots[1] (backend)'] },
  ],
  [
    'what a bot goes by',
    bot({ heartbeat_interval: 1 }),
    bot({ heartbeat_interval: 2 }),
    { begun_again: ['bots[0] (heartbeat_interval)'] },
  ],
])('%s', (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected)
})

describe('of what goes on', () => {
  test('it is told where it was and where it is', () => {
    const [before, after] = [
      configSchema.parse({ bots: [sandbox(1, 1), { ...sandbox(2, 2), connect: [webhook('a'), webhook('b')] }] }),
      configSchema.parse({ bots: [{ ...sandbox(2, 2), connect: [webhook('b')] }] }),
    ]
    expect(diffConfig(before, after).bots).toMatchObject({
      kept: [{ before: 1, after: 0, connect: { kept: [{ before: 1, after: 0, changed: [] }], removed: [0] } }],
      removed: [0],
    })
  })
})
