import * as protocol from '@seekyou/protocol'
import * as store from '@seekyou/store'
import { createTemporaryFolder, examplesOf, runExample } from '@seekyou/testkit'
import { expect, it } from 'vitest'

it('the example of the README keeps an event and reads it again', async () => {
  await using folder = await createTemporaryFolder()
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const printed: unknown[] = []
  const console = { log: (value: unknown) => printed.push(value), warn: () => undefined, error: () => undefined }
  const modules = { '@seekyou/protocol': protocol, '@seekyou/store': store }
  await runExample(example.replace("'./data'", JSON.stringify(folder.path)), { modules, given: { console } })
  expect(printed).toMatchObject([[{ seq: 1, event: { notice_type: 'friend_add', user_id: 10001 } }]])
})
