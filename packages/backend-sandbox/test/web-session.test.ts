import { expect, it } from 'vitest'
import { startSandbox } from './run.ts'

it('has cookies of its own for bots that ask, and the token that goes with them', async () => {
  const run = await startSandbox()
  const cookies = 'uin=o10000; skey=@sandbox10000'
  // 5381, then times 33 plus each character, kept to 31 bits.
  const token = 1_955_106_021
  expect(await run.act('get_cookies', {})).toEqual({ cookies })
  expect(await run.act('get_csrf_token', {})).toEqual({ token })
  expect(await run.act('get_credentials', { domain: 'example.com' })).toEqual({ cookies, csrf_token: token })
})
