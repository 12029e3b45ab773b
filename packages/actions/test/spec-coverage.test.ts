import { catalogue, readParams } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import { ActionFailure } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { specRows } from './spec-coverage.ts'

const actions: Readonly<Record<string, Action>> = catalogue

/** No value of any param: a list of an object that is neither a segment nor an id. */
const wrong = [{}]

function actionOf(name: string): Action {
  const action = actions[name]
  if (!action) throw new Error(`there is no action ${name}`)
  return action
}

function exampleOf(name: string): { readonly params: Readonly<Record<string, unknown>>; readonly data: unknown } {
  const { params, data } = actionOf(name).example
  return { params: { ...params }, data }
}

/** What reading params ends in: what the handler gets, or the sentence that turns them down. */
function read(name: string, params: object): unknown {
  try {
    return readParams(name, actionOf(name), params)
  } catch (error) {
    if (error instanceof ActionFailure) return error.message
    throw error
  }
}

function without(params: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)))
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], data)
}

/** A copy of `data` with another value at one place. */
function withValueAt(data: unknown, [step, ...path]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value
  const copy = Array.isArray(data) ? [...data] : { ...(data as object) }
  return Object.assign(copy, { [step]: withValueAt((data as Record<string, unknown>)[step], path, value) })
}

describe('what the documents list', () => {
  it('is in the catalogue, each name once', () => {
    expect(Object.keys(actions)).toEqual(expect.arrayContaining(specRows.map(({ name }) => name)))
    const names = specRows.flatMap(({ name, others }) => [name, ...others])
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
  })

  it('is all there is in the catalogue (if not: a row in spec-coverage.ts, from the document that knows it)', () => {
    expect(Object.keys(actions).filter((name) => !specRows.some((row) => row.name === name))).toEqual([])
  })

  it.each(specRows)('$name is in the catalogue under every name, and as known to those who know it', (row) => {
    const { alsoCalled = [], generations } = actionOf(row.name)
    expect(alsoCalled).toEqual(row.others)
    expect(generations.toSorted()).toEqual(row.generations.toSorted())
  })
})

const params = specRows.flatMap(({ name: action, params: all }) => all.map((param) => ({ action, ...param })))

describe('a param of the documents', () => {
  it.each(params.filter(({ isChecked }) => isChecked))('is read: $name of $action', ({ action, name, others }) => {
    const rest = without(exampleOf(action).params, [name, ...others])
    for (const called of [name, ...others]) {
      expect([called, read(action, { ...rest, [called]: wrong })]).toEqual([
        called,
        expect.stringMatching(new RegExp(`^\\W?\\w+: (${[name, ...others].join('|')})\\b`, 'u')),
      ])
    }
  })

  it.each(params.filter(({ isRequired }) => isRequired))('must be there: $name of $action', (param) => {
    const { action, name, others } = param
    const rest = without(exampleOf(action).params, [name, ...others])
    expect(read(action, rest)).toEqual(expect.stringContaining(`${action}: ${name} is missing; it takes `))
    expect(read(action, { ...rest, [name]: null })).toEqual(expect.stringContaining(`${name} is missing`))
  })

  it.each(params.filter(({ isRequired }) => !isRequired))('may be left out: $name of $action', (param) => {
    const { action, name, others } = param
    expect(read(action, without(exampleOf(action).params, [name, ...others]))).toBeTypeOf('object')
  })

  it.each(params.filter(({ others }) => others.length > 0))('has its other names: $name of $action', (param) => {
    const { action, name, others } = param
    const { params: good } = exampleOf(action)
    const value = good[name] ?? 1
    const expected = read(action, { ...good, [name]: value })
    expect(expected).toBeTypeOf('object')
    for (const other of others) {
      const rest = without(good, [name])
      expect(read(action, { ...rest, [other]: value })).toEqual(expected)
      expect(read(action, { ...rest, [name]: null, [other]: value })).toEqual(expected)
      // The name of today counts where both are there.
      expect(read(action, { ...rest, [name]: value, [other]: wrong })).toEqual(expected)
    }
  })
})

const fields = specRows.flatMap(({ name: action, fields: all }) =>
  all.map((path) => ({ action, path, field: path.join('.') })),
)

describe('a result', () => {
  it.each(specRows.filter((row) => row.fields.length === 0))('of $name is null', ({ name }) => {
    const { data, example } = actionOf(name)
    expect(example.data).toBeNull()
    expect(data.parse(null)).toBeNull()
    expect(data.safeParse({}).success).toBe(false)
  })

  it.each(fields)('of $action has $field, typed', ({ action, path }) => {
    const { data, example } = actionOf(action)
    expect(valueAt(data.parse(example.data), path)).not.toBeUndefined()
    // A symbol is no value of any type.
    expect(data.safeParse(withValueAt(example.data, path, Symbol('wrong'))).success).toBe(false)
  })
})
