import { describe, expect, it } from 'vitest'
import { Bot } from './bot.ts'
import { openHouse } from './house.ts'

const ok = { status: 'ok', retcode: 0, data: null }

describe('echo', () => {
  it.each([
    '"1"',
    '""',
    '1',
    '-1',
    '0.5',
    '0',
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '{"seq":1}',
    '{"reqid":"a\\"b\\\\","__proto__":{"x":[null,{"echo":2}]}}',
    '"签到 \\ud83d\\ude00"',
    '"\\ud800"',
    '9007199254740993',
    '-9007199254740993',
    '18446744073709551615',
    '123456789012345678901234567890',
    '{"deep":[1,9007199254740993,"9007199254740993"]}',
    '0.12345678901234567890',
    '1e400',
    '1e5',
    '-2.50E-3',
    '1.0',
    '-0',
    '{"a\\\\":[1.0,"\\"1.0","\\\\"]}',
  ])('comes back as it came: %s', async (echo) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send(`{"action":"a","echo":${echo},"params":{}}`)
    const reply = await bot.nextText()

    expect(reply).toMatch(/^\{"status":"ok","retcode":0,"data":null,"echo":/)
    const came = reply.slice(reply.indexOf('"echo":') + '"echo":'.length, -1)
    expect(came.replaceAll('😀', String.raw`\ud83d\ude00`)).toBe(echo)
  })

  it('is absent from the answer to a call that had none', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)

    expect(await bot.ask('{"action":"a"}')).toEqual(ok)
  })

  it('goes no further than the socket', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    await bot.ask({ action: 'a', params: { x: 1 }, echo: 5, post_type: 'message' })

    expect(house.gateway.calls).toEqual([{ action: 'a', params: { x: 1 } }])
  })
})

describe('calls', () => {
  it.each([
    ['{"action":"a"}', {}],
    ['{"action":"a","params":null}', {}],
    ['{"action":"a","params":[]}', {}],
    ['{"params":{"group_id":"20001"},"echo":null,"action":"a"}', { group_id: '20001' }],
    ['{"action":"a","params":{"message":[{"type":"text","data":{}}]}}', { message: [{ type: 'text', data: {} }] }],
    [' \n{"action":"a","params":{}}\n', {}],
  ])('are read from %s', async (frame, params) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)

    expect(await bot.ask(frame)).toMatchObject(ok)
    expect(house.gateway.calls).toEqual([{ action: 'a', params }])
  })

  it('keep the digits of integers that a double cannot hold, as text', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    await bot.ask(
      '{"action":"a","params":{"tiny_id":144115218678093982,"list":[-9007199254740993],"ok":9007199254740991,"x":1e400,"f":1.00000000000000000001}}',
    )

    expect(house.gateway.calls[0]?.params).toEqual({
      tiny_id: '144115218678093982',
      list: ['-9007199254740993'],
      ok: 9007199254740991,
      x: Infinity,
      f: 1,
    })
  })

  it('may come in binary frames that hold JSON text, and are answered in text', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send(Buffer.from('{"action":"a","params":{"message":"早"},"echo":"回"}'))

    expect(await bot.nextText()).toBe('{"status":"ok","retcode":0,"data":null,"echo":"回"}')
    expect(house.gateway.calls[0]?.params).toEqual({ message: '早' })
  })

  it('may come in fragments', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send('{"action":"a",', { fin: false })
    bot.webSocket.send('"echo":1}', { fin: true })

    expect(await bot.next()).toEqual({ ...ok, echo: 1 })
  })
})

describe('a frame that is no call', () => {
  it.each([
    ['hello', /^this frame is not JSON: .*; a call looks like \{"action":"get_login_info"/],
    ['', /^this frame is not JSON: /],
    ['{"action":"a"', /^this frame is not JSON: /],
    ['{"action":"a"}{"action":"b"}', /^this frame is not JSON: /],
    ["{'action':'a'}", /^this frame is not JSON: /],
    ['null', /^this frame is not a JSON object; a call looks like/],
    ['[]', /^this frame is not a JSON object/],
    ['[{"action":"a"}]', /^this frame is not a JSON object/],
    ['"get_login_info"', /^this frame is not a JSON object/],
    ['1', /^this frame is not a JSON object/],
    ['{}', /^"action" must be the name of an action; a call looks like/],
    ['{"action":null}', /^"action" must be the name of an action/],
    ['{"action":1}', /^"action" must be the name of an action/],
    ['{"Action":"a"}', /^"action" must be the name of an action/],
    ['{"action":"a","params":[1]}', /^"params" must be an object, or left out; a call looks like/],
    ['{"action":"a","params":"x=1"}', /^"params" must be an object/],
    ['{"action":"a","params":0}', /^"params" must be an object/],
  ])('is answered and does no harm: %s', async (frame, wording) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)

    const reply = await bot.ask(frame)
    expect(reply).toMatchObject({
      status: 'failed',
      retcode: 1400,
      data: null,
      wording: expect.stringMatching(wording),
    })
    expect(reply).not.toHaveProperty('echo')
    expect(house.gateway.calls).toEqual([])
    expect(await bot.ask({ action: 'a', echo: 2 })).toEqual({ ...ok, echo: 2 })
  })

  it.each(['{"action":7,"echo":9007199254740993}', '{"echo":9007199254740993,"action":"a","params":[1]}'])(
    'is answered with its echo where that can be read: %s',
    async (frame) => {
      await using house = await openHouse()
      await using bot = await Bot.dial(`${house.url}/api`)
      bot.webSocket.send(frame)

      expect(await bot.nextText()).toMatch(/^\{"status":"failed","retcode":1400,.*,"echo":9007199254740993\}$/)
    },
  )

  it('is answered when it is binary and not text', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send(Buffer.from([0xff, 0xfe, 0x00]))

    expect(await bot.next()).toMatchObject({ retcode: 1400, wording: 'a binary frame must hold JSON as UTF-8 text' })
  })

  it.each(['1', '9007199254740993'])('is answered when its echo is nested too deeply around %s', async (core) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    const depth = 200_000

    expect(await bot.ask(`{"action":"a","echo":${'['.repeat(depth)}${core}${']'.repeat(depth)}}`)).toMatchObject({
      retcode: 1400,
      wording: 'this frame is nested too deeply',
    })
  })
})
