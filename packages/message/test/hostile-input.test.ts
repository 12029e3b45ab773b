import {
  decodeCqCode,
  encodeCqCode,
  escapeValue,
  MessageInputError,
  readMessage,
  summarize,
  unescape,
} from '@seekyou/message'
import { describe, expect, it } from 'vitest'

const megabytes10 = 10 * 1024 * 1024

describe('a string of 10 MB', () => {
  it.each(['[CQ:a,b=', '[', '[CQ:', ']', ',', '=', '&amp;', '&', '中&#91;', '[CQ:a]', '[CQ:text,text=a]', ' '])(
    'made of %j is read',
    (piece) => {
      const text = piece.repeat(megabytes10 / 8 / piece.length) + ',]=&'
      expect(decodeCqCode(text).length).toBeGreaterThan(0)
      expect(decodeCqCode(`[CQ:x,${text}`).length).toBeGreaterThan(0)
    },
  )

  it('comes back whole', () => {
    const text = '中[&,]a'.repeat(megabytes10 / 6)
    expect(unescape(escapeValue(text)) === text).toBe(true)
  })
})

describe('readMessage', () => {
  it('refuses an array that contains itself', () => {
    const cyclic: unknown[] = []
    cyclic.push({ type: 'node', data: { content: cyclic } }, { type: 'node', data: { content: cyclic } })
    expect(() => readMessage(cyclic)).toThrow(
      new MessageInputError('message[0].data.content', 'is message again: a cycle'),
    )
  })

  it('refuses a node that contains itself', () => {
    const data: Record<string, unknown> = {}
    data['content'] = { type: 'node', data }
    expect(() => readMessage({ type: 'node', data })).toThrow(
      'message.data.content.data.content is message.data.content again: a cycle',
    )
  })

  it('refuses an array with holes', () => {
    const sparse: unknown[] = []
    sparse[1] = { type: 'shake' }
    expect(() => readMessage(sparse)).toThrow('message[0] is missing; a segment is an object {"type": …, "data": {…}}')
  })

  it('refuses a value that contains itself', () => {
    const value: unknown[] = []
    value.push(value)
    expect(() => readMessage([{ type: 'x', data: { value } }])).toThrow(
      'message[0].data.value has no JSON text: it contains itself or is nested too deep',
    )
  })

  it('refuses arrays nested a hundred thousand deep', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(() => readMessage(deep)).toThrow(MessageInputError)
    expect(() => readMessage([{ type: 'x', data: { deep } }])).toThrow(MessageInputError)
  })

  it('reads nodes nested 16 deep, and no deeper', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? 'x' : [{ type: 'node', data: { content: nested(depth - 1) } }]
    expect(readMessage(nested(16))).toHaveLength(1)
    expect(() => readMessage(nested(17))).toThrow(MessageInputError)
  })

  it('refuses nodes nested too deep in a string', () => {
    let text = 'x'
    for (let depth = 0; depth < 20; depth++) text = `[CQ:node,content=${escapeValue(text)}]`
    expect(() => readMessage(text)).toThrow(MessageInputError)
  })

  it('leaves the prototype of objects alone', () => {
    readMessage('[CQ:x,__proto__=1,constructor=2]')
    readMessage(JSON.parse('[{"type":"node","data":{"__proto__":{"polluted":1},"content":[]}}]'))
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('reads params that a polluted prototype has too', () => {
    const polluted = Object.prototype as { colour?: string }
    try {
      Object.defineProperty(polluted, 'colour', { value: 'red', configurable: true, writable: true })
      for (const value of ['red', 'blue']) {
        const [{ data } = { data: {} }] = readMessage(`[CQ:x,a=1,colour=${value},colour=green]`)
        expect(Object.entries(data)).toEqual([
          ['a', '1'],
          ['colour', value],
        ])
      }
    } finally {
      delete polluted.colour
    }
  })

  it('does not run what an object inherits', () => {
    const data: unknown = Object.create({ inherited: 'x' }, { own: { value: 'y', enumerable: true } })
    expect(readMessage([{ type: 'x', data }])).toEqual([{ type: 'x', data: { own: 'y' } }])
  })
})

describe('lone surrogates and NUL', () => {
  it('pass through text, params, types and summaries', () => {
    const odd = '\uDC00\0\uD800'
    const message = [
      { type: 'text', data: { text: odd } },
      { type: 'x', data: { [odd]: odd } },
    ]
    expect(decodeCqCode(encodeCqCode(message))).toEqual(message)
    expect(readMessage(message)).toEqual(message)
    expect(summarize(message)).toBe(`${odd}[x]`)
    const long = odd.repeat(300) + '&[]'.repeat(300)
    expect(unescape(escapeValue(long))).toBe(long)
  })
})
