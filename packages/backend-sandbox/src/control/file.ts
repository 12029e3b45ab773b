import { ActionFailure, groupId, once, text } from '@seekyou/protocol'
import type { Chat, ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from '../network.ts'
import { as, defineVerb, playedBy, saidData } from '../verb.ts'

const source = once(() => ({
  name: text.default('').describe('what it is called there; empty: as the file is'),
  content: text.optional().describe('the bytes in base64'),
  path: text.optional().describe('instead of `content`: a file of this server in a folder that is open, or a URL'),
}))

const sentFile = once(() => saidData().extend({ file_id: z.string() }))

/** Files that people send. */
export function createFileVerbs(running: () => Network) {
  return {
    upload_file: defineVerb('upload_file', {
      summary: 'A person puts a file into a group.',
      reads: false,
      data: () => sentFile(),
      params: () =>
        z.object({ as, group_id: groupId, folder: text.optional().describe('the id of a folder'), ...source() }),
      async run({ as: author, group_id, folder, name, ...file }) {
        const network = playedBy(author, running())
        const sent = { source: sourceOf('upload_file', file), name, folder: folder || undefined }
        return answer(await network.sendFile(author, { type: 'group', group_id }, sent))
      },
    }),

    send_file: defineVerb('send_file', {
      summary: 'A person sends a file: to the bot in private, or into a group.',
      reads: false,
      data: () => sentFile(),
      params: () => z.object({ as, group_id: groupId.optional().describe('absent: in private'), ...source() }),
      async run({ as: author, group_id, name, ...file }) {
        const network = playedBy(author, running())
        const sent = { source: sourceOf('send_file', file), name }
        const chat: Chat = group_id === undefined ? { type: 'private', user_id: author } : { type: 'group', group_id }
        return answer(await network.sendFile(author, chat, sent))
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function sourceOf(
  verb: string,
  { content, path }: { content?: string | undefined; path?: string | undefined },
): string {
  if (content !== undefined && path === undefined) {
    return content.startsWith('base64://') ? content : `base64://${content}`
  }
  if (path !== undefined && content === undefined) return path
  throw new ActionFailure('bad-params', `${verb} takes a file: either content in base64, or a path`)
}

function answer({ file_id, message }: Awaited<ReturnType<Network['sendFile']>>) {
  return { file_id, message_id: message.message_id, message_seq: message.message_seq }
}
