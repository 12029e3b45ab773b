import { once } from 'node:events'
import { ActionFailure, answer, dialects } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

/** A body that fetch gives no Content-Type of its own. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

describe('paths', () => {
  const calls: readonly [string, string, RequestInit, string][] = [
    ['GET /<action>', '/get_status', {}, 'get_status'],
    ['GET /<action>/', '/get_status/', {}, 'get_status'],
    ['POST /<action>', '/get_status', { method: 'POST' }, 'get_status'],
    ['POST /<action>/', '/get_status/', { method: 'POST' }, 'get_status'],
    ['a hidden action', '/.handle_quick_operation', { method: 'POST' }, '.handle_quick_operation'],
    ['an action with suffixes', '/send_msg_async', {}, 'send_msg_async'],
    ['a percent-encoded path', '/get%5Fstatus', {}, 'get_status'],
    ['a path of several parts', '/a/b/c', {}, 'a/b/c'],
    ['a very long path', `/${'x'.repeat(5000)}`, {}, 'x'.repeat(5000)],
  ]
  it.each(calls)('calls the action that %s names', async (_case, path, init, action) => {
    await using house = await openHouse()
    const response = await fetch(house.url + path, init)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual({ status: 'ok', retcode: 0, data: null })
    expect(house.gateway.calls).toEqual([{ action, params: {} }])
  })

  it('calls the action in the body of POST /', async () => {
    await using house = await openHouse()
    const body = JSON.stringify({ action: 'send_msg', params: { user_id: 1, message: 'hi' } })
    await fetch(`${house.url}/?message=ho&access_token=x`, { method: 'POST', headers: JSON_TYPE, body })
    expect(house.gateway.calls).toEqual([{ action: 'send_msg', params: { user_id: 1, message: 'ho' } }])
  })

  it.each([{ action: 'get_status' }, { action: 'get_status', params: null }])(
    'takes POST / without params: %j',
    async (body) => {
      await using house = await openHouse()
      await fetch(house.url, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) })
      expect(house.gateway.calls).toEqual([{ action: 'get_status', params: {} }])
    },
  )

  it.each(['', '{}', '{"action":1}', '{"action":"get_status","params":[]}', '{"action":"get_status","params":"x"}'])(
    'refuses POST / that names no action or has params that are no object: %s',
    async (body) => {
      await using house = await openHouse()
      const response = await fetch(house.url, { method: 'POST', headers: JSON_TYPE, body })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ retcode: 1400, wording: expect.stringContaining('POST /') })
      expect(house.gateway.calls).toEqual([])
    },
  )

  it('hands on what the account answers, whatever it is', async () => {
    await using house = await openHouse({
      call: ({ action }) => {
        if (action !== 'get_status') throw new ActionFailure('unknown-action', `there is no ${action}`)
        return { text: '中文🎉' }
      },
    })
    const done = await fetch(`${house.url}/get_status`)
    expect(await done.json()).toEqual({ status: 'ok', retcode: 0, data: { text: '中文🎉' } })
    const unknown = await fetch(`${house.url}/nothing`)
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ status: 'failed', retcode: 1404, wording: 'there is no nothing' })
  })

  it('lets a verb that waits know that nobody waits for it any more', async () => {
    const waits = Promise.withResolvers<AbortSignal>()
    const house = await openHouse({
      gateway: {
        control: async ({ gone }) => {
          waits.resolve(gone!)
          await once(gone!, 'abort')
          return answer({ type: 'done', data: null }, dialects.default)
        },
      },
    })
    const answered = fetch(`${house.url}/sandbox/changes`)
    expect((await waits.promise).aborted).toBe(false)
    await house[Symbol.asyncDispose]()
    expect(await answered).toMatchObject({ status: 200 })
  })

  it('hands verbs to the other side of the chat; GET says that it only reads', async () => {
    const controls: unknown[] = []
    await using house = await openHouse({
      token: 's3cret',
      gateway: {
        control: async (request) => {
          const { action, params, reads, from } = request
          controls.push({ action, params, reads, from })
          if (!request.reads || request.action === 'world') {
            return answer({ type: 'done', data: null }, dialects.default)
          }
          return answer({ type: 'failed', failure: new ActionFailure('bad-method', 'use POST') }, dialects.default)
        },
      },
    })
    const headers = { authorization: 'Bearer s3cret', ...JSON_TYPE }
    await fetch(`${house.url}/sandbox/world?a=1`, { headers })
    await fetch(`${house.url}/sandbox/say/`, { method: 'POST', headers, body: '{"as":10001,"message":"hi"}' })
    const refused = await fetch(`${house.url}/sandbox/say`, { headers })
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe('POST')
    expect(controls).toEqual([
      { action: 'world', params: { a: '1' }, reads: true, from: '127.0.0.1' },
      { action: 'say', params: { as: 10001, message: 'hi' }, reads: false, from: '127.0.0.1' },
      { action: 'say', params: {}, reads: true, from: '127.0.0.1' },
    ])
    expect((await fetch(`${house.url}/sandbox/world`)).status).toBe(401)
    expect(controls).toHaveLength(3)
  })
})

describe('params', () => {
  const big = '144115218678093981'
  const read: readonly [string, RequestInit & { query?: string }, Record<string, unknown>][] = [
    ['a query', { query: '?group_id=1&message=%E4%BD%A0+%2B' }, { group_id: '1', message: '你 +' }],
    ['an empty query', { query: '?' }, {}],
    ['a query key without a value', { query: '?a&b=&=c&&' }, { a: '', b: '', '': 'c' }],
    ['the first of a repeated key', { query: '?a=1&a=2' }, { a: '1' }],
    ['an equals sign in a value', { query: '?a=b=c' }, { a: 'b=c' }],
    ['a JSON body', { headers: JSON_TYPE, body: '{"a":[1,null]}' }, { a: [1, null] }],
    [
      'JSON with a charset',
      { headers: { 'content-type': 'application/json;charset=UTF-8' }, body: '{"a":1}' },
      { a: 1 },
    ],
    ['JSON in capitals', { headers: { 'content-type': 'Application/JSON ; x' }, body: '{"a":1}' }, { a: 1 }],
    ['JSON after a byte order mark', { headers: JSON_TYPE, body: '\uFEFF{"a":1}' }, { a: 1 }],
    ['an empty JSON body', { headers: JSON_TYPE, body: ' \r\n' }, {}],
    ['no JSON body at all', { headers: JSON_TYPE }, {}],
    ['a JSON null', { headers: JSON_TYPE, body: 'null' }, {}],
    ['a form', { headers: FORM_TYPE, body: 'a=1&b=%5B1%5D' }, { a: '1', b: '[1]' }],
    [
      'a form with a charset',
      { headers: { 'content-type': `${FORM_TYPE['content-type']}; charset=utf-8` }, body: 'a=1' },
      { a: '1' },
    ],
    ['JSON without Content-Type', { body: bytes(' {"a":1}') }, { a: 1 }],
    ['null without Content-Type', { body: bytes('null') }, {}],
    ['a form without Content-Type', { body: bytes('a=1&b=null') }, { a: '1', b: 'null' }],
    ['nothing without Content-Type', {}, {}],
    ['the query over a form', { query: '?a=1', headers: FORM_TYPE, body: 'a=2&b=2' }, { a: '1', b: '2' }],
    ['the query over JSON', { query: '?a=1', headers: JSON_TYPE, body: '{"a":2,"b":2}' }, { a: '1', b: 2 }],
    ['no access_token in the query', { query: '?access_token=x&a=1' }, { a: '1' }],
    ['no access_token in a body', { headers: JSON_TYPE, body: '{"access_token":"x"}' }, {}],
    [
      'a message in JSON from a query',
      { query: '?message=%5B%7B%22type%22%3A%22face%22%7D%5D' },
      { message: [{ type: 'face' }] },
    ],
    ['a context in JSON from a form', { headers: FORM_TYPE, body: 'context={"id":1}' }, { context: { id: 1 } }],
    ['a CQ code as text', { query: '?message=%5BCQ:face,id=1%5D' }, { message: '[CQ:face,id=1]' }],
    ['JSON text in other params as text', { query: '?nickname=%7B%7D' }, { nickname: '{}' }],
    [
      'every digit of a large id',
      { headers: JSON_TYPE, body: `{"guild_id":${big},"x":[-${big}]}` },
      { guild_id: big, x: [`-${big}`] },
    ],
    [
      'large floats as numbers',
      { headers: JSON_TYPE, body: '{"x":1234567890123456.5e30,"y":9007199254740991}' },
      { x: 1.2345678901234565e45, y: 9007199254740991 },
    ],
    ['digits in text as text', { headers: JSON_TYPE, body: `{"x":"${big}"}` }, { x: big }],
  ]
  it.each(read)('come from %s', async (_case, { query = '', ...init }, params) => {
    await using house = await openHouse()
    const isGet = init.headers === undefined && init.body === undefined && query !== ''
    const response = await fetch(`${house.url}/act${query}`, { method: isGet ? 'GET' : 'POST', ...init })
    expect(response.status).toBe(200)
    expect(house.gateway.calls.map(({ params: got }) => ({ ...(got as object) }))).toEqual([params])
  })

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'may be called %s, from any source, and do no harm',
    async (key) => {
      await using house = await openHouse()
      const statuses = [
        await fetch(`${house.url}/act?${key}=1&${key}.x=2`),
        await fetch(`${house.url}/act`, {
          method: 'POST',
          headers: JSON_TYPE,
          body: `{"${key}":{"polluted":true},"a":1}`,
        }),
        await fetch(`${house.url}/act`, { method: 'POST', headers: FORM_TYPE, body: `${key}=1` }),
        await fetch(house.url, {
          method: 'POST',
          headers: JSON_TYPE,
          body: `{"action":"act","params":{"${key}":{"prototype":{"polluted":true}}}}`,
        }),
      ].map(({ status }) => status)
      expect(statuses).toEqual([200, 200, 200, 200])
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
      expect(house.gateway.calls.every(({ params }) => Object.hasOwn(params as object, key))).toBe(true)
      for (const { params } of house.gateway.calls) expect(Reflect.get(params as object, 'polluted')).toBeUndefined()
    },
  )

  it('hold a body of 10 MB', async () => {
    await using house = await openHouse()
    const message = `[CQ:image,file=base64://${'A'.repeat(10_000_000)}]`
    const response = await fetch(`${house.url}/send_msg`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ message }),
    })
    expect(response.status).toBe(200)
    expect(house.gateway.calls).toEqual([{ action: 'send_msg', params: { message } }])
  })

  it('hold a long Chinese message in a query', async () => {
    await using house = await openHouse()
    const message = '你'.repeat(5000)
    await fetch(`${house.url}/send_msg?message=${encodeURIComponent(message)}`)
    expect(house.gateway.calls).toEqual([{ action: 'send_msg', params: { message } }])
  })
})

describe('refusals', () => {
  const refused: readonly [string, RequestInit & { path?: string }, number, number, RegExp][] = [
    ['a JSON array', { headers: JSON_TYPE, body: '[1]' }, 400, 1400, /JSON object.*an array/],
    ['a JSON string', { headers: JSON_TYPE, body: '"x"' }, 400, 1400, /JSON object.*a string/],
    ['broken JSON', { headers: JSON_TYPE, body: '{"a":1,}' }, 400, 1400, /not valid JSON: .*position 7/],
    ['truncated JSON', { headers: JSON_TYPE, body: '{"a":' }, 400, 1400, /not valid JSON: Unexpected end/],
    ['broken JSON without Content-Type', { body: bytes('{"a"') }, 400, 1400, /not valid JSON/],
    ['a broken escape in a form', { headers: FORM_TYPE, body: 'a=1&b=%zz' }, 400, 1400, /"%zz"/],
    ['a broken escape in a query', { path: '/act?a=%4' }, 400, 1400, /"%4"/],
    ['an escape that is not UTF-8', { path: '/act?a=%C4%E3' }, 400, 1400, /UTF-8/],
    ['a broken escape in the path', { path: '/act%zz' }, 400, 1400, /path/],
    [
      'text/plain',
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
      400,
      1406,
      /text\/plain.*application\/json/,
    ],
    [
      'multipart',
      { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      400,
      1406,
      /multipart/,
    ],
    ['a nonsense type', { headers: { 'content-type': 'json' }, body: '{}' }, 400, 1406, /json cannot be read/],
    ['an unsupported type without a body', { headers: { 'content-type': 'text/plain' } }, 400, 1406, /text\/plain/],
    ['PUT', { method: 'PUT', headers: JSON_TYPE, body: '{}' }, 405, 1405, /PUT.*GET or POST/],
    ['DELETE', { method: 'DELETE' }, 405, 1405, /DELETE/],
    ['OPTIONS', { method: 'OPTIONS' }, 405, 1405, /OPTIONS/],
    ['DELETE on a broken path', { method: 'DELETE', path: '/%zz' }, 405, 1405, /DELETE/],
    ['PATCH on /', { method: 'PATCH', path: '/' }, 405, 1405, /PATCH/],
    ['PUT on /healthz', { method: 'PUT', path: '/healthz' }, 405, 1405, /PUT/],
    ['GET on /', { method: 'GET', path: '/', headers: { accept: '*/*' } }, 404, 1404, /<action>/],
  ]
  it.each(refused)(
    'answer %s in the envelope, and nothing is done',
    async (_case, { path = '/act', ...init }, status, retcode, wording) => {
      await using house = await openHouse()
      const response = await fetch(house.url + path, {
        method: path.startsWith('/act') && path !== '/act' ? 'GET' : 'POST',
        ...init,
      })
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, POST' : null)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      const envelope = (await response.json()) as Record<string, unknown>
      expect(Object.keys(envelope).toSorted()).toEqual(['data', 'message', 'msg', 'retcode', 'status', 'wording'])
      expect(envelope).toMatchObject({ status: 'failed', retcode, data: null, wording: expect.stringMatching(wording) })
      expect(house.gateway.calls).toEqual([])
    },
  )

  it('answer HEAD with 405', async () => {
    await using house = await openHouse()
    for (const path of ['/get_status', '/', '/healthz']) {
      expect((await fetch(house.url + path, { method: 'HEAD' })).status).toBe(405)
    }
    expect(house.gateway.calls).toEqual([])
  })

  const ignoring = { unsupportedContentType: 'ignore', missingContentType: 'ignore' } as const
  const refusing = { missingContentType: 'refuse' } as const
  it.each([
    ['leaves a body of an unsupported type unread', ignoring, { 'content-type': 'text/plain' }, 200],
    ['leaves a body of a nonsense type unread', ignoring, { 'content-type': ';;' }, 200],
    ['leaves a body without a type unread', ignoring, {}, 200],
    ['refuses a body without a type', refusing, {}, 400],
  ])('%s where the dialect says so', async (_case, dialect, headers, status) => {
    await using house = await openHouse({ dialect })
    const response = await fetch(`${house.url}/act?b=1`, { method: 'POST', headers, body: bytes('{"a":1}') })
    expect(response.status).toBe(status)
    expect(house.gateway.calls).toEqual(status === 200 ? [{ action: 'act', params: { b: '1' } }] : [])
  })

  it('take their numbers from the dialect', async () => {
    await using house = await openHouse({ dialect: { failures: { 'bad-method': { status: 404, retcode: 404 } } } })
    const response = await fetch(`${house.url}/act`, { method: 'PUT' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ retcode: 404 })
  })

  it('answer a body over the limit, after which the connection still serves', async () => {
    await using house = await openHouse({ options: { body_limit: 0.001 } })
    using peer = await openRawPeer(house.port)
    const head = 'POST /act HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    const large = JSON.stringify({ message: 'x'.repeat(200_000) })

    peer.socket.write(`${head}Content-Length: ${large.length}\r\n\r\n${large}`)
    await peer.sees('"retcode":1413')
    expect(peer.received).toMatch(/^HTTP\/1.1 413 /)

    peer.socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`)
    peer.socket.write(`${head}Content-Length: 7\r\n\r\n{"a":1}`)
    await peer.sees('"status":"ok"')
    expect(peer.received.match(/HTTP\/1.1 413/g)).toHaveLength(2)
    expect(house.gateway.calls).toEqual([{ action: 'act', params: { a: 1 } }])
  })

  it('say nothing of our own faults but that there was one, and the log has the rest', async () => {
    await using house = await openHouse({
      call: ({ action }) => {
        if (action === 'throws') throw new TypeError('secret internals')
        return { count: 1n }
      },
    })
    for (const action of ['throws', 'answers_what_json_cannot_hold']) {
      const response = await fetch(`${house.url}/${action}?x=private`)
      expect(response.status).toBe(500)
      const text = await response.text()
      expect(JSON.parse(text)).toMatchObject({ status: 'failed', retcode: 1500 })
      expect(text).not.toMatch(/secret|BigInt|at /)
    }
    expect(house.log.lines.map(({ level }) => level)).toEqual(['error', 'error'])
    expect(JSON.stringify(house.log.lines)).not.toContain('private')
  })
})

describe('the token', () => {
  const token = 's3cret'
  it.each([
    ['Bearer', { authorization: 'Bearer s3cret' }, ''],
    ['bearer in lower case', { authorization: 'bearer s3cret' }, ''],
    ['Token', { authorization: 'Token s3cret' }, ''],
    ['a bare header', { authorization: 's3cret' }, ''],
    ['the query', {}, '?access_token=s3cret'],
    ['a query with broken escapes elsewhere', {}, '?access_token=s3cret&a=%zz'],
  ])('is taken from %s', async (_case, headers, query) => {
    await using house = await openHouse({ token })
    const response = await fetch(`${house.url}/act${query}`, { headers })
    expect(response.status).toBe(query.includes('%zz') ? 400 : 200)
  })

  it.each([
    ['no token', {}, '', 1401],
    ['an empty query token', {}, '?access_token=', 1401],
    ['a scheme alone', { authorization: 'Bearer' }, '', 1401],
    ['a wrong token', { authorization: 'Bearer wrong' }, '', 1403],
    ['a wrong query token', {}, '?access_token=wrong', 1403],
  ])('is asked for: %s is refused', async (_case, headers, query, retcode) => {
    await using house = await openHouse({ token })
    for (const path of ['/act', '/', '/sandbox/world', '/a/b/c', '/%zz']) {
      const response = await fetch(house.url + path + query, { headers: { ...headers, accept: '*/*' } })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ status: 'failed', retcode })
    }
    expect(house.gateway.calls).toEqual([])
  })

  it('does not matter where none is set', async () => {
    await using house = await openHouse()
    const response = await fetch(`${house.url}/act`, { headers: { authorization: 'Token undefined' } })
    expect(response.status).toBe(200)
  })

  it('is not written into the log', async () => {
    await using house = await openHouse({ token })
    await fetch(`${house.url}/act?access_token=hunter2`, { headers: { authorization: 'Bearer hunter2' } })
    expect(house.log.lines).toHaveLength(1)
    expect(JSON.stringify(house.log.lines)).not.toContain('hunter2')
  })
})

describe('the order of checks', () => {
  const bad = { method: 'DELETE', token: 'wrong', type: 'text/plain', body: '{', action: 'nothing' }
  const good = { method: 'POST', token: 's3cret', type: 'application/json', body: '{}', action: 'nothing' }
  const order = [
    ['method', 405, 1405],
    ['token', 401, 1403],
    ['type', 400, 1406],
    ['body', 400, 1400],
    ['action', 404, 1404],
  ] as const

  it.each(order)('judges the %s before everything after it', async (judged, status, retcode) => {
    const passed = order.slice(
      0,
      order.findIndex(([check]) => check === judged),
    )
    const { method, token, type, body, action } = {
      ...bad,
      ...Object.fromEntries(passed.map(([check]) => [check, good[check]])),
    }
    await using house = await openHouse({
      token: good.token,
      call: () => {
        throw new ActionFailure('unknown-action', 'no such action')
      },
    })
    const response = await fetch(`${house.url}/${action}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
    })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ retcode })
  })

  it.each([
    ['a wrong token', { authorization: 'Bearer wrong', 'content-type': 'application/json' }, 401],
    ['an unsupported type', { authorization: 'Bearer s3cret', 'content-type': 'text/plain' }, 400],
  ])('answers %s before the body has come', async (_case, headers, status) => {
    await using house = await openHouse({ token: 's3cret' })
    using peer = await openRawPeer(house.port)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    peer.socket.write(`POST /act HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}Content-Length: 1000\r\n\r\n{"a":`)
    await peer.sees('"failed"')
    expect(peer.received).toContain(`HTTP/1.1 ${status} `)
  })
})
