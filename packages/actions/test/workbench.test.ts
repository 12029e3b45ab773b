import { Workbench } from '@seekyou/actions'
import { settle } from '@seekyou/testkit'
import { expect, it } from 'vitest'

/** Work that ends when it is told to; `begun` is what was begun so far. */
function startWork(bench: Workbench) {
  const begun: number[] = []
  const ends = new Map<number, PromiseWithResolvers<number>>()
  const begin = (number: number) => {
    const end = Promise.withResolvers<number>()
    ends.set(number, end)
    return bench.do(() => {
      begun.push(number)
      return end.promise
    })
  }
  return { begun, begin, end: (number: number) => ends.get(number)!.resolve(number) }
}

it('does so much at once, and the rest in the order it came', async () => {
  const { begun, begin, end } = startWork(new Workbench(2))
  const all = [1, 2, 3, 4].map((number) => begin(number))
  await settle()
  expect(begun).toEqual([1, 2])
  end(2)
  await settle()
  expect(begun).toEqual([1, 2, 3])
  end(1)
  end(3)
  end(4)
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4])
  const later = begin(5)
  await settle()
  expect(begun).toEqual([1, 2, 3, 4, 5])
  end(5)
  await later
})

it('what fails leaves its place to the next', async () => {
  const bench = new Workbench(1)
  const failing = bench.do(() => Promise.reject(new Error('it failed')))
  const next = bench.do(async () => 'done')
  await expect(failing).rejects.toThrow('it failed')
  expect(await next).toBe('done')
})

it('turns away what nobody would wait for', async () => {
  const { begin, end } = startWork(new Workbench(1))
  const all = Array.from({ length: 101 }, (_, number) => begin(number))
  await expect(begin(101)).rejects.toMatchObject({ kind: 'busy', message: expect.stringContaining('call again later') })
  for (let number = 0; number <= 100; number++) end(number)
  expect(await Promise.all(all)).toHaveLength(101)
})
