import { Parser } from '@asyncapi/parser'
import { catalogue } from '@seekyou/actions'
import { createAsyncApi } from '@seekyou/api-reference'
import { dialects } from '@seekyou/protocol'
import { readSchemaDocument } from '@seekyou/testkit/schema-document'
import { describe, expect, it } from 'vitest'
import { published } from './document.ts'

const document = published(createAsyncApi({ version: '1.2.3' }))
const { compile } = readSchemaDocument(document)
const { messages } = document.components
const eventNames = Object.keys(messages).filter((name) => name.includes('.'))

describe('the AsyncAPI document', () => {
  it('leaves nothing to the official parser', async () => {
    const diagnostics = await new Parser().validate(JSON.stringify(createAsyncApi({ version: '1.2.3' })))
    expect(diagnostics.map(({ code, path }) => `${code} ${path.join('/')}`)).toEqual([])
  })

  it('is the same text every time', () => {
    expect(JSON.stringify(createAsyncApi({ version: '1.2.3' }))).toBe(JSON.stringify(document))
  })

  it('has both ends of every link', () => {
    expect(
      Object.entries(document.channels).map(([name, channel]) => [name, (channel as { address: string }).address]),
    ).toEqual([
      ['universal', '/'],
      ['api', '/api'],
      ['event', '/event'],
      ['reverse', '/'],
      ['webhook', '/'],
    ])
    const messagesOf = (name: string) => Object.keys((document.channels[name] as { messages: object }).messages)
    expect(messagesOf('universal')).toEqual(['call', 'reply', ...eventNames])
    expect(messagesOf('api')).toEqual(['call', 'reply'])
    expect(messagesOf('event')).toEqual(eventNames)
    expect(messagesOf('webhook')).toEqual(['quick_operation', ...eventNames])
  })

  it('tells where the server is', () => {
    const { servers } = createAsyncApi({ version: '1.2.3', host: 'bots.test:80' })
    expect(servers).toMatchObject({ seekyou: { host: 'bots.test:80' } })
  })
})

describe('a call', () => {
  const validate = compile(messages['call']!.payload)

  it.each(Object.keys(catalogue))('may be %s', (action) => {
    const { example } = catalogue[action as keyof typeof catalogue] as { example?: { params: object } }
    if (!example) return
    expect(
      validate({ action, params: example.params, echo: { seq: 1 } }),
      `because ${JSON.stringify(validate.errors)}`,
    ).toBe(true)
    for (const suffix of ['_async', '_rate_limited']) {
      expect(validate({ action: action + suffix, params: example.params })).toBe(true)
    }
  })

  it('names an action and gives it its params', () => {
    expect(validate({ action: 'get_status' })).toBe(true)
    expect(validate({ action: 'no_such_action' })).toBe(false)
    expect(validate({ action: 'get_msg' })).toBe(false)
    expect(validate({ action: 'get_msg', params: { message_id: 'x' } })).toBe(false)
    expect(validate({ params: {} })).toBe(false)
  })
})

describe('a reply', () => {
  const validate = compile(messages['reply']!.payload)

  it('is done, later or failed, with the echo of its call', () => {
    const echo = { echo: [1] }
    expect(validate({ status: 'ok', retcode: 0, data: { message_id: 1 }, ...echo })).toBe(true)
    expect(validate({ status: 'async', retcode: 1, data: null, ...echo })).toBe(true)
    expect(validate({ status: 'failed', retcode: 1404, data: null, msg: 'UNKNOWN_ACTION' })).toBe(true)
    expect(validate({ status: 'failed', retcode: -34, data: null })).toBe(true)
    expect(validate({ status: 'ok', retcode: 100, data: null })).toBe(false)
    expect(validate({ status: 'failed', retcode: 0, data: null })).toBe(false)
  })

  it('fails with the numbers of the dialect', () => {
    const dialect = { ...dialects.default, failures: { 'unknown-action': { retcode: 404 } } }
    const other = createAsyncApi({ version: '1.2.3', dialect })
    const isReply = readSchemaDocument(other).compile(other.components.messages['reply']!.payload)
    expect(isReply({ status: 'failed', retcode: 404, data: null })).toBe(true)
    expect(isReply({ status: 'failed', retcode: 1404, data: null })).toBe(false)
  })
})

describe('the answer of a webhook', () => {
  it('may ask for anything that a quick operation is', () => {
    const validate = compile(messages['quick_operation']!.payload)
    expect(validate({ reply: 'hi', at_sender: 0, delete: 'yes', ban_duration: '60' })).toBe(true)
    expect(validate({ reply: [{ type: 'face', data: { id: 1 } }] })).toBe(true)
    expect(validate({ reply: null, approve: 'maybe' })).toBe(false)
  })
})
