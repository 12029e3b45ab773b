import { ConnectionError } from '@seekyou/client'
import { expect, it } from 'vitest'
import { connect, errorOf } from './connect.ts'
import { ok, startServer } from './scripted-server.ts'

it.each([
  ['', '/get_status'],
  ['/', '/get_status'],
  ['/bot/a', '/bot/a/get_status'],
  ['/bot/a/?access_token=x', '/bot/a/get_status?access_token=x'],
])('asks below the path %j of the URL', async (path, expected) => {
  await using server = await startServer()
  await using connected = connect(server.http + path)
  await connected.client.call('get_status')

  expect(server.calls[0]?.path).toBe(expected)
})

it.each([401, 403])('an HTTP %d is no answer to the call, with a reply in it or without', async (status) => {
  const bodies = ['', JSON.stringify({ status: 'failed', retcode: 1403, data: null })]
  await using server = await startServer({ answer: () => ({ status, body: bodies.shift() }) })
  await using connected = connect(server.http)
  for (let n = 0; n < 2; n++) {
    const error = await errorOf(connected.client.callAny('x'))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      outcome: 'not-done',
      status,
      message: `${server.http}/ answered HTTP ${status}: the access token is missing or wrong`,
    })
  }
})

it('a reply is believed over the HTTP status', async () => {
  const answers = [
    { status: 404, body: JSON.stringify({ status: 'failed', retcode: 1404, wording: 'no such action' }) },
    { status: 403, body: JSON.stringify({ status: 'failed', retcode: 103, wording: 'not for you' }) },
    { status: 500, body: JSON.stringify(ok('fine')) },
  ]
  await using server = await startServer({ answer: () => answers.shift()! })
  await using connected = connect(server.http)

  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({ name: 'ActionError', retcode: 1404 })
  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({ name: 'ActionError', retcode: 103 })
  expect(await connected.client.callAny('x')).toBe('fine')
})

it('a call of which the server does not know whether it was done is no data and no failure', async () => {
  const wording = 'the network did not answer within 30 s'
  const body = JSON.stringify({ status: 'async', retcode: 1, data: null, msg: 'OUTCOME_UNKNOWN', wording })
  await using server = await startServer({ answer: () => ({ status: 200, body }) })
  await using connected = connect(server.http)

  expect(await errorOf(connected.client.callAny('send_msg'))).toMatchObject({
    name: 'ConnectionError',
    outcome: 'unknown',
    message: `send_msg: ${wording}`,
  })
})

it.each([400, 404, 406])('an HTTP %d without a reply is the retcode of a WebSocket', async (status) => {
  await using server = await startServer({ answer: () => ({ status, body: 'no' }) })
  await using connected = connect(server.http)

  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({
    name: 'ActionError',
    status: 'failed',
    retcode: 1000 + status,
    wording: `HTTP ${status}`,
  })
})

it.each([
  [200, '<html>', 'unknown'],
  [200, '[]', 'unknown'],
  [200, '{}', 'unknown'],
  [502, '', 'unknown'],
  [302, '', 'not-done'],
])('an HTTP %d with %j is no answer', async (status, body, outcome) => {
  await using elsewhere = await startServer()
  await using server = await startServer({ answer: () => ({ status, body, headers: { Location: elsewhere.http } }) })
  await using connected = connect(server.http)

  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({
    name: 'ConnectionError',
    message: `${server.http}/ answered HTTP ${status} without a reply in it: is that the HTTP API?`,
    outcome,
    status,
  })
  expect(elsewhere.calls).toEqual([])
})

it('a call to where nobody listens is not done', async () => {
  const server = await startServer()
  await server[Symbol.asyncDispose]()
  await using connected = connect(`${server.http}/?access_token=s3cret`)

  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({
    name: 'ConnectionError',
    outcome: 'not-done',
    message: `x was not sent: ${server.http}/ cannot be reached (connect ECONNREFUSED 127.0.0.1:${server.port})`,
  })
})

it('a call whose server dies may have been done', async () => {
  const server = await startServer({ answer: () => 'silence' })
  await using connected = connect(server.http)
  const error = errorOf(connected.client.callAny('x'))
  await expect.poll(() => server.calls.length).toBe(1)
  await server[Symbol.asyncDispose]()

  expect(await error).toMatchObject({ name: 'ConnectionError', outcome: 'unknown' })
})

it('there are no events', async () => {
  await using connected = connect('http://127.0.0.1:1')
  const { client } = connected
  const problem = new TypeError('there are no events over HTTP: give createClient a ws:// URL')

  expect(() => client.on('message', () => undefined)).toThrow(problem)
  expect(() => client.onAny('message', () => undefined)).toThrow(problem)
  expect(() => client.events()).toThrow(problem)
})
