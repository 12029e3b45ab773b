import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import type { FilterSource } from '@seekyou/hub'
import { describe, expect, it } from 'vitest'
import { RecordingSink, startConversation } from './scripted-account.ts'

/** A filter in a file that the test can change. */
function createFile(name: string, rules: unknown) {
  const file: FilterSource & { rules: unknown } = {
    name,
    rules,
    compile() {
      if (file.rules instanceof Error) throw file.rules
      return compileFilter(file.rules)
    },
  }
  return file
}

async function start() {
  const conversation = await startConversation()
  return {
    ...conversation,
    reload: async (file?: string) => {
      const { body } = await conversation.gateway().call({ action: 'reload_event_filter', params: { file } })
      return [body.retcode, body.wording]
    },
  }
}

describe('reload_event_filter', () => {
  it('gives links that are up the filters as they are now', async () => {
    await using account = await start()
    const file = createFile('a.json', { raw_message: 'a' })
    const sink = new RecordingSink(account.gateway({}, file))
    await account.say('a')
    await account.say('b')
    file.rules = { raw_message: 'b' }
    await account.say('a')
    expect(await account.reload()).toEqual([0, undefined])
    await account.say('a')
    await account.say('b')
    expect(sink.texts).toEqual(['a', 'a', 'b'])
  })

  it.each([
    ['cannot be compiled', { '.nope': 1 }, /^the event filters stay as they were; b\.json: .*\.nope/u],
    [
      'cannot be read',
      new Error('b.json: there is no such file'),
      /^the event filters stay as they were; b\.json: there is no such file$/u,
    ],
  ])('leaves every filter as it was when one %s', async (_, rules, wording) => {
    await using account = await start()
    const [first, second] = [createFile('a.json', { raw_message: 'a' }), createFile('b.json', { raw_message: 'a' })]
    const [one, two] = [new RecordingSink(account.gateway({}, first)), new RecordingSink(account.gateway({}, second))]
    first.rules = { raw_message: 'b' }
    second.rules = rules
    expect(await account.reload()).toEqual([200, expect.stringMatching(wording)])
    await account.say('a')
    await account.say('b')
    expect([one.texts, two.texts]).toEqual([['a'], ['a']])
  })

  it('reads only the file that is named, for every link that has it', async () => {
    await using account = await start()
    const [first, second] = [createFile('a.json', { raw_message: 'a' }), createFile('b.json', { raw_message: 'a' })]
    const sinks = [first, first, second].map((file) => new RecordingSink(account.gateway({}, file)))
    first.rules = { raw_message: 'b' }
    second.rules = { '.nope': 1 }
    expect(await account.reload('a.json')).toEqual([0, undefined])
    await account.say('a')
    await account.say('b')
    expect(sinks.map(({ texts }) => texts)).toEqual([['b'], ['b'], ['a']])
    expect(await account.reload('c.json')).toEqual([200, 'no link has its event filter from "c.json"'])
  })

  it('has nothing to do where there is no filter', async () => {
    await using account = await start()
    expect(await account.reload()).toEqual([0, undefined])
  })
})

it('a filter that is wrong from the start is the operator’s to mend', async () => {
  await using account = await start()
  expect(() => account.gateway({}, createFile('a.json', { '.nope': 1 }))).toThrow(FilterSyntaxError)
  const absent = new Error('there is no such file')
  expect(() => account.gateway({}, createFile('a.json', absent))).toThrow(absent)
})
