import type { UserId } from '@seekyou/protocol'
import { createVirtualClock } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { createAccess } from '../src/access.ts'
import { LoginLimit } from '../src/login-limit.ts'

const selfId = 10000 as UserId
const right = 'the-access-token'

function open(options: { readonly frequency: number; readonly bucket: number } = { frequency: 0.5, bucket: 3 }) {
  const clock = createVirtualClock()
  const told: string[] = []
  const limit = new LoginLimit(options, clock, (from) => told.push(from))
  const judge = createAccess(right, { selfId, logins: limit })
  const show = (token: string, from: string | undefined, standing?: 'kept') => {
    const judgement = judge(token, from, standing)
    return judgement.power === 'none' ? judgement.failure : 'granted'
  }
  let guesses = 0
  const guess = (times: number, from: string | undefined) =>
    Array.from({ length: times }, () => show(`guess ${++guesses}`, from))
  return { clock, told, limit, judge, show, guess }
}

describe('too many wrong tokens of one address', () => {
  it('have none of it judged for a moment, the right one neither', async () => {
    const { clock, guess, judge, show } = open()
    expect(guess(4, '10.0.0.7')).toEqual(['token-wrong', 'token-wrong', 'token-wrong', 'rate-limited'])
    expect(judge(right, '10.0.0.7')).toEqual({
      power: 'none',
      granted: false,
      failure: 'rate-limited',
      retryAfterMs: 2000,
      wording: 'too many wrong tokens came from 10.0.0.7: none is looked at for 2 s, right or wrong',
    })
    await clock.advance(1999)
    expect(show(right, '10.0.0.7')).toBe('rate-limited')
    await clock.advance(1)
    expect(show(right, '10.0.0.7')).toBe('granted')
    expect(guess(2, '10.0.0.7')).toEqual(['token-wrong', 'rate-limited'])
  })

  it('are no matter to other addresses, to who shows nothing, and to who has shown the right one before', () => {
    const { guess, show, judge } = open()
    guess(5, '10.0.0.7')
    expect(show(right, '10.0.0.8')).toBe('granted')
    expect(show(right, '10.0.0.7', 'kept')).toBe('granted')
    expect(judge(undefined, '10.0.0.7')).toMatchObject({ failure: 'token-missing' })
  })

  it('do not count where they are only looked at again', () => {
    const { show } = open()
    for (let times = 0; times < 10; times++) show('wrong', '10.0.0.7', 'kept')
    expect(show(right, '10.0.0.7')).toBe('granted')
  })

  it('are not one wrong token again and again, from which nobody learns anything', () => {
    const { guess, show } = open()
    for (let times = 0; times < 100; times++) {
      expect(show('of the other server', '10.0.0.7')).toBe('token-wrong')
      expect(show('of the year before', '10.0.0.7')).toBe('token-wrong')
    }
    expect(show(right, '10.0.0.7')).toBe('granted')
    expect(guess(2, '10.0.0.7')).toEqual(['token-wrong', 'rate-limited'])
  })

  it('are guesses again once so many others came that nobody remembers them', () => {
    const { show } = open({ frequency: 0.001, bucket: 10 })
    const tokens = Array.from({ length: 9 }, (_, index) => `wrong ${index}`)
    for (const token of tokens) expect(show(token, '10.0.0.7')).toBe('token-wrong')
    expect(show(tokens[0]!, '10.0.0.7')).toBe('token-wrong')
    expect(show(right, '10.0.0.7')).toBe('rate-limited')
  })

  it('are told once, and again only after a quiet time', async () => {
    const { clock, guess, told } = open()
    guess(10, '10.0.0.7')
    await clock.advance(4000)
    guess(10, '10.0.0.7')
    expect(told).toEqual(['10.0.0.7'])
    await clock.advance(6000)
    guess(10, '10.0.0.7')
    expect(told).toEqual(['10.0.0.7', '10.0.0.7'])
  })

  it.each([
    ['10.0.0.7', '::ffff:10.0.0.7', true],
    ['2001:db8::1', '2001:db8::ffff:2', true],
    ['2001:db8:0:0:1::', '2001:db8::2', true],
    ['2001:db8::1', '2001:db8:0:1::1', false],
    ['fe80::1%eth0', 'fe80::1', true],
    ['::1', '::2', false],
    [undefined, '', true],
    [undefined, '127.0.0.1', false],
  ])('of %s are those of %s: %s', (one, other, isSame) => {
    const { guess, show } = open()
    guess(3, one)
    expect(show(right, other)).toBe(isSame ? 'rate-limited' : 'granted')
  })

  it('count anew when the limit is changed, and no longer where there is none', () => {
    const { guess, limit, show } = open()
    guess(3, '10.0.0.7')
    limit.change({ frequency: 0.5, bucket: 3 })
    expect(show(right, '10.0.0.7')).toBe('rate-limited')
    limit.change({ frequency: 0, bucket: 3 })
    guess(100, '10.0.0.7')
    expect(show(right, '10.0.0.7')).toBe('granted')
  })
})

it('ten thousand addresses are remembered, and the one that was wrong longest ago is forgotten first', () => {
  const { guess, show } = open({ frequency: 0.001, bucket: 1 })
  const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  for (let index = 0; index <= 10_000; index++) guess(1, address(index))
  expect(show(right, address(0))).toBe('granted')
  expect(show(right, address(1))).toBe('rate-limited')
})

it('a listener that asks for no token turns nobody away', () => {
  const { guess, limit } = open()
  guess(5, '10.0.0.7')
  expect(createAccess('', { selfId, logins: limit })('anything', '10.0.0.7')).toEqual({ power: 'full' })
})
