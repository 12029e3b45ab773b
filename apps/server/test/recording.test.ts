import { dialects } from '@seekyou/protocol'
import { expect, test } from 'vitest'
import { recordConversation } from './conversation.ts'

/*
 * What goes over the wire in each dialect, byte for byte, as files to read. After a change that is meant, `pnpm run
 * record` writes them anew; what has become of them is for the reviewer to see.
 */

test.each(Object.keys(dialects))('the conversation in the dialect %s is as it was recorded', async (dialect) => {
  await expect(await recordConversation(dialect)).toMatchFileSnapshot(`recordings/${dialect}.txt`)
})
