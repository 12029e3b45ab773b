import * as z from 'zod'

const milliseconds = z.int().positive()

/** What both directions share. */
const session = {
  max_payload: z
    .int()
    .positive()
    .default(32 * 1024 * 1024)
    .describe('Largest frame taken from a client, in bytes; a larger one closes the socket with 1009.'),
  high_water_mark: z
    .int()
    .positive()
    .default(1024 * 1024)
    .describe('Bytes waiting to be read by a client above which nothing more is written to it, until half are gone.'),
  blocked_timeout: milliseconds
    .default(60_000)
    .describe('How long a client may leave its socket full before it is closed with 1013, in ms.'),
  ping_interval: milliseconds
    .default(30_000)
    .describe('Time between pings, in ms; a client that leaves two unanswered is cut off.'),
}

export type SessionOptions = Readonly<z.infer<z.ZodObject<typeof session>>>

/** How bots that dial us are served. */
export const forwardServerOptions = z.strictObject(session)
export type ForwardServerOptions = Readonly<z.infer<typeof forwardServerOptions>>

/** A bot that we dial. */
export const reverseClientOptions = z
  .strictObject({
    name: z.string().min(1).describe('The name under which the account remembers which events this bot has got.'),
    url: z
      .string()
      .refine((text) => /^wss?:\/\//i.test(text) && URL.canParse(text) && !text.includes('#'), {
        error: 'a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws',
      })
      .describe('Where the bot listens: a ws:// or wss:// URL, used as it is.'),
    role: z
      .literal('Universal')
      .default('Universal')
      .describe('What the connection carries. Universal: calls and events on one socket.'),
    reconnect_interval: milliseconds
      .default(3000)
      .describe('Wait before dialling again, in ms; doubles with every failure. The first retry comes after a tenth.'),
    reconnect_interval_max: milliseconds.default(60_000).describe('Longest wait before dialling again, in ms.'),
    connect_timeout: milliseconds.default(10_000).describe('How long the bot may take to accept a connection, in ms.'),
    ...session,
  })
  .describe('A bot that we dial.')
export type ReverseClientOptions = Readonly<z.infer<typeof reverseClientOptions>>
