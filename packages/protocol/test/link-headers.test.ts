import { dialects, handshakeHeaders, userId, webhookHeaders } from '@seekyou/protocol'
import type { Dialect } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

const selfId = userId.parse(10000)
const every = Object.values<Dialect>(dialects)

describe('a webhook', () => {
  it.each(every.filter(({ name }) => name !== 'cqhttp-2'))('of $name never gives the token away', (dialect) => {
    expect(webhookHeaders({ selfId, dialect, accessToken: 's3cret' })).toEqual({
      'X-Self-ID': '10000',
      'User-Agent': dialect.userAgent,
    })
  })

  it('of CQHTTP v2 shows the token, as its clients ask', () => {
    expect(webhookHeaders({ selfId, dialect: dialects['cqhttp-2'], accessToken: 's3cret' })).toEqual({
      'X-Self-ID': '10000',
      'User-Agent': 'CoolQHttpApi/2.1.4',
      Authorization: 'token s3cret',
    })
  })
})

describe('a handshake', () => {
  it.each([
    ['default', 'CQHttp/4.15.0 (SeekYou)', 'Bearer'],
    ['go-cqhttp', 'CQHttp/4.15.0', 'Token'],
    ['onebot-11', 'CQHttp/4.15.0 (SeekYou)', 'Bearer'],
    ['cqhttp-4', 'CQHttp/4.15.0', 'Token'],
    ['cqhttp-2', 'CoolQHttpApi/2.1.4', 'Token'],
  ] as const)('of %s says who calls, as %s, and shows the token as %s', (name, userAgent, scheme) => {
    expect(handshakeHeaders({ selfId, dialect: dialects[name], role: 'Universal', accessToken: 's3cret' })).toEqual({
      'X-Self-ID': '10000',
      'X-Client-Role': 'Universal',
      'User-Agent': userAgent,
      Authorization: `${scheme} s3cret`,
    })
  })
})

it.each(every)('without a token nothing of it is said in $name', (dialect) => {
  for (const accessToken of [undefined, '']) {
    const introduction = { selfId, dialect, accessToken }
    expect(webhookHeaders(introduction)).not.toHaveProperty('Authorization')
    expect(handshakeHeaders({ ...introduction, role: 'API' })).not.toHaveProperty('Authorization')
  }
})
