import { tokenOptions, Tokens, tokenSettings } from '@seekyou/hub'
import type { TokenSettings } from '@seekyou/hub'
import type { UserId } from '@seekyou/protocol'
import { createVirtualClock } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'

const bot = 10000 as UserId
const secret = 'a-secret-of-the-shop'

function settings(token: object = {}): TokenSettings {
  return tokenSettings(tokenOptions.parse({ name: 'shop', secret, preset: 'chat', ...token }))
}

function open(token: object, clock = createVirtualClock()) {
  const tokens = new Tokens(clock)
  tokens.replace([settings(token)])
  return tokens.find(secret)!
}

function tokenOf(token: object) {
  const opened = open(token)
  return { refuses: (selfId: number) => opened.refuses(selfId as UserId, '127.0.0.1') }
}

describe('a token', () => {
  it('is found by its secret and keeps only a hash of it', () => {
    const tokens = new Tokens(createVirtualClock())
    tokens.replace([settings()])
    expect(tokens.find(secret)?.settings.name).toBe('shop')
    expect(tokens.find('another-secret-of-it')).toBeUndefined()
    expect(JSON.stringify(tokens.list().map((token) => token.settings))).not.toContain(secret)
  })

  it.each([
    ['10.0.0.0/8', '10.200.3.4', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.7', '10.0.0.7', true],
    ['10.0.0.7', '10.0.0.8', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:11.1.2.3', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['::1', '::1', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['127.0.0.1', undefined, false],
  ])('from %s, shown at %s: %s', (from, address, isGood) => {
    const refusal = open({ from: [from] }).refuses(bot, address)
    expect(refusal === undefined).toBe(isGood)
    if (!isGood) {
      const shown = address ?? 'a unix socket'
      expect(refusal).toBe(`the token "shop" may not come from ${shown}: its from is ${from}`)
    }
  })

  it('for other bots opens nothing of this one, and says so', () => {
    const { refuses } = tokenOf({ bots: [12345, 12346] })
    expect(refuses(12345)).toBeUndefined()
    expect(refuses(bot)).toBe('the token "shop" is not for the bot 10000: its bots is 12345, 12346')
  })

  it('ends when its time has come, with a word to what stands on it, however far away that is', async () => {
    const clock = createVirtualClock()
    const expires_at = new Date(clock.now() + 40 * 86_400_000).toISOString()
    const token = open({ expires_at }, clock)
    await clock.advance(40 * 86_400_000 - 1)
    expect(token.refuses(bot, '127.0.0.1')).toBeUndefined()
    expect(token.until.aborted).toBe(false)
    await clock.advance(1)
    const wording = `the token "shop" has expired: it was good until ${expires_at}`
    expect(token.until.reason).toBe(wording)
    expect(token.refuses(bot, '127.0.0.1')).toBe(wording)
  })

  it('that may do nothing opens nothing', () => {
    expect(open({ preset: undefined, events: [] }).refuses(bot, '127.0.0.1')).toBe(
      'the token "shop" may do nothing: it names no preset, no action to allow and no events',
    )
  })
})

describe('when the tokens are replaced', () => {
  it('those that are the same stay, those that are gone or have changed end and say so', () => {
    const tokens = new Tokens(createVirtualClock())
    const other = { name: 'other', secret: 'another-secret-of-it' }
    tokens.replace([settings(), settings(other), settings({ name: 'third', secret: 'a-third-secret-of-it' })])
    const [shop, changed, gone] = tokens.list()
    tokens.replace([settings(), settings({ ...other, preset: 'admin' })])
    expect(tokens.find(secret)).toBe(shop)
    expect(shop?.until.aborted).toBe(false)
    expect(changed?.until.reason).toBe('the token "other" was changed; connect again')
    expect(gone?.until.reason).toBe('the token "third" was revoked')
    expect(tokens.find('a-third-secret-of-it')).toBeUndefined()
  })

  it('those of files and those of the configuration are apart, and a name is that of the configuration', () => {
    const tokens = new Tokens(createVirtualClock())
    tokens.replace([settings({ preset: 'admin' })])
    tokens.replace([settings(), settings({ name: 'made', secret: 'a-third-secret-of-it' })], 'file')
    expect(tokens.list().map(({ settings: { name, preset }, origin }) => [name, preset, origin])).toEqual([
      ['shop', 'admin', 'config'],
      ['made', 'chat', 'file'],
    ])
    tokens.replace([], 'file')
    expect(tokens.list().map(({ settings: { name } }) => name)).toEqual(['shop'])
  })
})

describe('what a token takes', () => {
  it.each([
    [
      { allow: ['send_grup_msg'] },
      'an action such as send_group_msg, a family such as get_*, or one of read-only, chat, moderator, admin',
    ],
    [
      { deny: ['set_*_nothing'] },
      'an action such as send_group_msg, a family such as get_*, or one of read-only, chat, moderator, admin',
    ],
    [
      { allow: ['send_msg_async'] },
      'an action such as send_group_msg, a family such as get_*, or one of read-only, chat, moderator, admin',
    ],
    [{ bots: ['x'] }, 'the number of an account'],
    [{ groups: ['x'] }, 'all, or a list of groups such as [20001]'],
    [
      { events: ['notices'] },
      'message, message_sent, notice, request or meta_event, or one of their kinds such as notice.group_ban',
    ],
    [{ from: ['10.0.0.0/33'] }, 'an address or a network, such as 10.0.0.7, 192.168.0.0/16 or fd00::/8'],
    [{ from: ['example.com'] }, 'an address or a network, such as 10.0.0.7, 192.168.0.0/16 or fd00::/8'],
    [{ expires_at: 'tomorrow' }, 'a date or a time in quotes, such as "2027-01-31" or "2027-01-31T12:00:00Z"'],
    [{ secret: 'short' }, 'text of at least 16 characters that nobody can guess'],
    [{ name: 'a b' }, 'a name of 1 to 64 letters, digits, "_", "." and "-"'],
    [
      { passthrough: ['send_msg'] },
      'the name of an action that only the network behind a bridge knows; the others belong in allow',
    ],
    [
      { passthrough: ['nc_x'], groups: [1] },
      'nothing where groups or users are set, since nobody here knows which chats such an action reaches',
    ],
  ])('says what would be right: %j', (token, message) => {
    const read = tokenOptions.safeParse({ name: 'shop', secret, ...token })
    expect(read.error?.issues.map((issue) => issue.message)).toEqual([message])
  })
})
