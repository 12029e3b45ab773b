import * as sandbox from '@seekyou/backend-sandbox'
import { userId } from '@seekyou/protocol'
import { createBackendHost, examplesOf, runExample } from '@seekyou/testkit'
import { expect, it } from 'vitest'

it('the example of the README is true', async () => {
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const host = createBackendHost({ self: { user_id: userId.parse(10000), nickname: 'SeekYou' } })
  const code = `${example}\nawait sandbox.stop()`
  expect(await runExample(code, { modules: { '@seekyou/backend-sandbox': sandbox }, given: { host } })).toBe(2)
})
