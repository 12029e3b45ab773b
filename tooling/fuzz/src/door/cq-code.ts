import { decodeCqCode, encodeCqCode, MessageInputError, readMessage, renderMessage, summarize } from '@seekyou/message'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { plainDoor } from '../door.ts'
import { spoilt, strangeText, strangeValue } from '../strange.ts'

/** A text is read, whatever it is; what was read and written once is read and written the same ever after. */
function checkText(text: string): void {
  const segments = decodeCqCode(text)
  const written = encodeCqCode(segments)
  const again = decodeCqCode(written)
  if (!isDeepStrictEqual(again, segments)) throw new Error(`read again it is ${JSON.stringify(again)}`)
  if (encodeCqCode(again) !== written) throw new Error('written again it is something else')
}

/** A message is read, or it is said what is wrong with it. */
function checkMessage(value: unknown): void {
  let segments
  try {
    segments = readMessage(value)
  } catch (error) {
    if (error instanceof MessageInputError) return
    throw error
  }
  JSON.stringify(renderMessage(segments, 'array'))
  checkText(renderMessage(segments, 'string'))
  summarize(segments)
}

const segments = fc.constantFrom<unknown>(
  [
    { type: 'text', data: { text: 'hi [CQ:at]' } },
    { type: 'at', data: { qq: 'all' } },
  ],
  [{ type: 'node', data: { user_id: '1', nickname: 'x', content: [{ type: 'text', data: { text: 'y' } }] } }],
  [{ type: 'node', data: { content: '[CQ:node,content=&#91;CQ:face&#44;id=1&#93;]' } }],
  { type: 'image', data: { file: 'base64://AAAA', cache: false, c: 3 } },
)

export const cqCodes = plainDoor('cq-codes', 20_000, strangeText, checkText)
export const messages = plainDoor('messages', 10_000, fc.oneof(spoilt(segments), strangeValue), checkMessage)
