import { describe, expect, test } from 'vitest'
import { redact, weigh } from '../src/redaction.ts'

describe('what may be shown', () => {
  test('has no secret, wherever it stands', () => {
    const shown = redact({
      access_token: 'hush',
      nested: [{ secret: 'hush', password: 7, cookies: 'hush', token: '' }],
      url: 'http://127.0.0.1:5700/?access_token=hush&x=1',
      proxy: 'http://user:hush@127.0.0.1/',
      secretary: 'Alice',
    })
    expect(shown).toEqual({
      access_token: '***',
      nested: [{ secret: '***', password: '***', cookies: '***', token: '' }],
      url: 'http://127.0.0.1:5700/?access_token=***&x=1',
      proxy: 'http://***@127.0.0.1/',
      secretary: 'Alice',
    })
  })

  test('tells of a file only how long it is', () => {
    const bytes = Buffer.alloc(3000, 1).toString('base64')
    expect(redact({ file: `base64://${bytes}` })).toEqual({ file: 'base64://… (3000 bytes)' })
    expect(redact(`look: [CQ:image,file=base64://${bytes}] there`)).toBe(
      'look: [CQ:image,file=base64://… (3000 bytes)] there',
    )
    expect(redact(`data:image/png;base64,${bytes}`)).toBe('data:image/png;base64,… (3000 bytes)')
  })

  test('is cut where it is long, large or deep, and says so', () => {
    expect(redact('x'.repeat(5000))).toBe(`${'x'.repeat(4096)}… (5000 characters)`)
    const list = redact(Array.from({ length: 100_000 }, (_, index) => index)) as unknown[]
    expect(list.length).toBeLessThan(5000)
    expect(list.at(-1)).toBe(`… (${100_000 - list.length + 1} more)`)
    expect(redact(Object.fromEntries(list.map((_, index) => [`key${index}`, 'x'.repeat(100)])))).toHaveProperty(
      '…',
      'more',
    )
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(JSON.stringify(redact(deep))).toContain('too deep')
  })

  test('is a copy that holds plain data, whatever its keys are called', () => {
    const shown = redact(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "n": null}')) as object
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
    expect(shown).toEqual({ constructor: 1, n: null })
  })
})

describe('weight', () => {
  test('grows with texts and parts, and is not counted beyond a bound', () => {
    expect(weigh({ a: 'x'.repeat(1000) }, 1e6)).toBeGreaterThan(2000)
    expect(weigh([1, 2, 3], 1e6)).toBeGreaterThan(weigh([1], 1e6))
    expect(weigh(['x'.repeat(1e6)], 1000)).toBeGreaterThan(1000)
    expect(
      weigh(
        Array.from({ length: 1e6 }, () => 0),
        1000,
      ),
    ).toBe(1001)
  })
})
