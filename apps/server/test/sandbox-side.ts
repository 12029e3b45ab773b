import type { Program } from '@seekyou/testkit'

/** A message as the sandbox shows it, whoever said it. */
export interface Said {
  readonly message_id: number
  readonly user_id: number
  readonly message: readonly { readonly type: string; readonly data: Readonly<Record<string, string>> }[]
  readonly recalled: boolean
}

/** The smallest image: one pixel of a PNG. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A chat, as the query of the verb `messages` names it. */
type ChatQuery = Readonly<Record<string, string>>

/** Has a person say something: in private to the bot, unless `chat` names another place. */
export function say(
  program: Program,
  as: number,
  message: unknown,
  chat: object = {},
): Promise<{ message_id: number }> {
  return program.sandbox('say', { as, ...chat, message })
}

/** The messages of a chat as everyone there sees them, oldest first. */
export async function saidIn(program: Program, chat: ChatQuery): Promise<readonly Said[]> {
  return (await program.look<{ messages: Said[] }>('messages', { limit: '200', ...chat })).messages
}
