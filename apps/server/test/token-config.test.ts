import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, runProgram } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import type { ConfigError } from '../src/config-error.ts'
import { loadConfig } from '../src/config.ts'

const env = { SEEKYOU_TOKEN: 'the-token-of-the-owner' }
const token = env.SEEKYOU_TOKEN
const shop = 'name: shop, secret: a-secret-of-the-shop'

async function problemOf(config: string, given: string | undefined = token): Promise<string> {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, config)
  try {
    await loadConfig(file, { token: given }, {})
    return 'nothing'
  } catch (error) {
    return (error as ConfigError).problems.map(({ sentence }) => sentence).join('\n')
  }
}

const rules = 'an action such as send_group_msg, a family such as get_*, or one of read-only, chat, moderator, admin'

describe('the tokens of a configuration', () => {
  test.each([
    [`tokens: [{ ${shop}, preset: chat, groups: [20001] }]`, 'nothing'],
    [`tokens: [{ name: only-a-scope, preset: chat }]`, 'nothing'],
    [`tokens: [{ secret: a-secret-of-the-shop }]`, 'tokens[0].name is missing; it takes text'],
    [
      `tokens: [{ ${shop}, preset: boss }]`,
      'tokens[0].preset takes one of read-only, chat, moderator, admin, not "boss"',
    ],
    [`tokens: [{ ${shop}, allow: [send_grup_msg] }]`, `tokens[0].allow[0] takes ${rules}, not "send_grup_msg"`],
    [`tokens: [{ ${shop}, deny: [kick*] }]`, `tokens[0].deny[0] takes ${rules}, not "kick*"`],
    [
      `tokens: [{ ${shop}, groups: some }]`,
      'tokens[0].groups takes all, or a list of groups such as [20001], not "some"',
    ],
    [`tokens: [{ ${shop}, groups: [x] }]`, 'tokens[0].groups[0] takes a number, not "x"'],
    [
      `tokens: [{ ${shop}, events: [mesage] }]`,
      'tokens[0].events[0] takes message, message_sent, notice, request or meta_event, or one of their kinds such as notice.group_ban, not "mesage"',
    ],
    [
      `tokens: [{ ${shop}, from: [10.0.0.0/40] }]`,
      'tokens[0].from[0] takes an address or a network, such as 10.0.0.7, 192.168.0.0/16 or fd00::/8, not "10.0.0.0/40"',
    ],
    [
      `tokens: [{ ${shop}, expires_at: soon }]`,
      'tokens[0].expires_at takes a date or a time in quotes, such as "2027-01-31" or "2027-01-31T12:00:00Z", not "soon"',
    ],
    [
      `tokens: [{ name: shop, secret: short }]`,
      'tokens[0].secret takes text of at least 16 characters that nobody can guess, not what is there',
    ],
    [
      `tokens: [{ ${shop}, rate_limit: { frequency: -1 } }]`,
      'tokens[0].rate_limit.frequency takes a number of at least 0, not -1',
    ],
    [`tokens: [{ ${shop}, group: [1] }]`, 'tokens[0].group is not a key here; did you mean groups?'],
    [
      `tokens:\n  - { ${shop} }\n  - { name: shop, secret: a-secret-of-another }`,
      'tokens[1].name takes a name that no other token has, not "shop"',
    ],
    [
      `tokens:\n  - { ${shop} }\n  - { name: other, secret: a-secret-of-the-shop }`,
      'tokens[1].secret takes a secret that no other token has, not what is there',
    ],
    [
      `tokens: [{ name: shop, secret: ${token} }]`,
      'tokens[0].secret is the access token too, which may do everything; it takes another one',
    ],
    [
      "bots: [{ connect: [{ type: webhook, name: a, url: 'http://127.0.0.1:1/', scope: { preset: boss } }] }]",
      'bots[0].connect[0].scope.preset takes one of read-only, chat, moderator, admin, not "boss"',
    ],
    [
      "bots: [{ connect: [{ type: webhook, name: a, url: 'http://127.0.0.1:1/', scope: { grups: [1] } }] }]",
      'bots[0].connect[0].scope.grups is not a key here; did you mean groups?',
    ],
    [
      "bots: [{ connect: [{ type: webhook, name: a, url: 'http://127.0.0.1:1/', scope: 7 }] }]",
      'bots[0].connect[0].scope takes the name of a token, or a block of preset, allow, deny, groups, users, events and rate_limit, not 7',
    ],
  ])('%s', async (config, problem) => {
    expect(await problemOf(config)).toEqual(problem)
  })

  test('are refused where they would limit nobody', async () => {
    expect(await problemOf(`tokens: [{ ${shop}, preset: chat }]`, '')).toBe(
      'tokens[0] limits nobody while a listener asks for no token: set SEEKYOU_TOKEN or ' +
        'defaults.access_token, which is the token that may do everything',
    )
  })

  test.each([
    ['', ' takes the name of a token; there is none "shop"'],
    [
      'tokens: [{ name: shop, preset: chat, bots: [12345] }]\n',
      ' takes the name of a token of this bot; the token "shop" is not for the bot 10000: its bots is 12345',
    ],
  ])('must be there, and of its bot, where a connection names one: %j', async (tokens, sentence) => {
    await using folder = await createTemporaryFolder()
    const config = "bots: [{ connect: [{ type: webhook, name: a, url: 'http://127.0.0.1:1/', scope: shop }] }]"
    await writeFile(join(folder.path, 'seekyou.yml'), tokens + config)
    await using run = runProgram(['--port', '0'], { folder: folder.path })
    expect(await run.exit).toMatchObject({ code: 1 })
    expect(run.stderr[0]).toBe(`seekyou.yml:${tokens === '' ? 1 : 2}:81: bots[0].connect[0].scope${sentence}`)
  })
})
