import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import type { Overrides } from '../src/config.ts'

/** What is said of a configuration, each line without the folder of its file; empty if nothing is wrong with it. */
async function problemsOf(text: string, { env = {}, ...overrides }: Overrides & { env?: NodeJS.ProcessEnv } = {}) {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, text)
  try {
    await loadConfig(file, overrides, env)
    return []
  } catch (error) {
    return (error as Error).message.replaceAll(`${file}:`, '').split('\n')
  }
}

const bot = (block: string) => `bots:\n  - ${block}\n`
const links = (...rows: string[]) => bot(`connect:${rows.map((row) => `\n      - { ${row} }`).join('')}`)
const webhook = 'type: webhook, name: a'
const reverse = 'type: reverse-ws, name: a'

describe('a configuration is refused by line, key and what is accepted', () => {
  test.each<[text: string, sentence: string]>([
    ['\tbots: []\n', '1: Tabs are not allowed as indentation'],
    ['store: {}\nstore: {}\n', '2: store is there twice; a block has each key once'],
    ['defaults: { dialect: default, dialect: default }\n', '1: dialect is there twice; a block has each key once'],
    ['# here\ndata_dir: *there\n', '2: *there has no &there before it to stand for'],
    ['just text\n', '1: the configuration takes a block of keys, not "just text"'],
    ['[1]\n', '1: the configuration takes a block of keys, not [1]'],
    [
      '# ${UNREAD}\ndata_dir: ${UNSET}\n',
      '2: the environment variable UNSET is not set; set it, or write ${UNSET:default}',
    ],
    ['data_dir: ${LINES}\n', '1: the environment variable LINES holds a line break'],
    ['data_dir: ""\n', '1: data_dir takes text with a length of at least 1, not ""'],
    ['data_dir: 1\n', '1: data_dir takes text in quotes, not 1'],
    ['data_dir: [1]\n', '1: data_dir takes text, not [1]'],
    ['log_level: loud\n', '1: log_level takes one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
    ['defaults:\n  message_format: xml\n', '2: defaults.message_format takes one of string, array, not "xml"'],
    ['bots: []\n', '1: bots takes exactly one bot, not []'],
    [bot('heartbeat_interval: -1'), '2: bots[0].heartbeat_interval takes a number of at least 0, not -1'],
    [bot('listen: [{ body_limit: all }]'), '.body_limit takes a number of more than 0 and at most 256, not "all"'],
    [bot('backend: { type: icq }'), '2: bots[0].backend.type takes one of sandbox, onebot, not "icq"'],
    [bot('listen:\n      - { prot: 1 }'), '3: bots[0].listen[0].prot is not a key here; known: host, port, '],
    [
      bot('listen:\n      - host: ::1\n        port: many'),
      '4: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not "many"',
    ],
    [
      bot('listen: [{ port: 65536 }]'),
      '2: bots[0].listen[0].port takes a whole number of at least 0 and at most 65535, not 65536',
    ],
    [
      bot('listen: [{ filter: 1 }]'),
      '2: bots[0].listen[0].filter takes the path of a JSON file, or the rules themselves, not 1',
    ],
    [links('name: a'), '3: bots[0].connect[0].type is missing; it takes one of webhook, reverse-ws'],
    [links('type: pigeon'), '3: bots[0].connect[0].type takes one of webhook, reverse-ws, not "pigeon"'],
    [links(webhook), '3: bots[0].connect[0].url is missing; it takes an http:// or https:// URL'],
    [links(`${webhook}, url: here`), '3: bots[0].connect[0].url takes an http:// or https:// URL, or http+unix'],
    [links(`${reverse}, url: "http://x/"`), '3: bots[0].connect[0].url takes a ws:// or wss:// URL '],
    [
      links(`${reverse}, url: "ws://x/"`, `${webhook}, url: "http://x/"`),
      '4: bots[0].connect[1].name takes a name that no other link has, not "a"',
    ],
  ])('%j', async (text, sentence) => {
    expect(await problemsOf(text, { env: { LINES: 'a\nb' } })).toEqual([expect.stringContaining(sentence)])
  })

  test.each([
    ['defaults: { access_token: 831907 }\n', '1: defaults.access_token takes text in quotes, not what is there'],
    [
      links(`${webhook}, url: "http://x/", secret: [831907]`),
      '3: bots[0].connect[0].secret takes text, not what is there',
    ],
    ['defaults: [{ access_token: 831907 }]\n', '1: defaults takes a block of keys, not [{"access_token":"…"}]'],
    [`bots: [{}, { listen: [{ access_token: "${'831907'.repeat(20)}" }] }]\n`, '1: bots takes exactly one bot, not '],
  ])('%j, and its secret is not told', async (text, sentence) => {
    const problems = await problemsOf(text)
    expect(problems[0]).toContain(sentence)
    expect(problems.join('\n')).not.toMatch(/831907/)
  })

  test('each thing that is wrong has a line of its own', async () => {
    expect(await problemsOf('bogus: 1\ndata_dir: 2\nlog_level: 3\n')).toHaveLength(3)
  })

  test('a flag is named as the flag it is', async () => {
    expect(await problemsOf('', { logLevel: 'loud' })).toEqual([
      '--log-level takes one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ])
  })

  test.each([
    ['0.0.0.0', {}],
    ['::', {}],
    ['192.168.1.2', { token: '' }],
  ])('%s is not listened on without a token', async (host, overrides) => {
    expect(await problemsOf('', { host, ...overrides })).toEqual([expect.stringContaining(`${host} can be reached`)])
    expect(await problemsOf('', { host, token: 'x' })).toEqual([])
  })
})
