import * as z from 'zod'

const seconds = z.number().positive()

/** What both directions share. */
const session = {
  max_payload: z
    .number()
    .positive()
    .max(256)
    .default(32)
    .describe('MiB; a client that sends a larger frame is closed with 1009'),
  high_water_mark: z
    .number()
    .positive()
    .default(1)
    .describe('MiB; a client that leaves more than this unread is written nothing more until half of it is gone'),
  blocked_timeout: seconds
    .default(60)
    .describe('seconds; a client that leaves its socket full for longer is closed with 1013'),
  ping_interval: seconds.default(30).describe('seconds between pings; a client that leaves two unanswered is cut off'),
}

export type SessionOptions = Readonly<z.infer<z.ZodObject<typeof session>>>

/** How bots that dial us are served. */
export const forwardServerOptions = z.strictObject(session)
export type ForwardServerOptions = Readonly<z.infer<typeof forwardServerOptions>>

/** A bot that we dial. */
export const reverseClientOptions = z
  .strictObject({
    name: z.string().min(1).describe('name of the link, under which the account remembers which events this bot has'),
    url: z
      .string()
      .refine((text) => /^wss?:\/\//i.test(text) && URL.canParse(text) && !text.includes('#'), {
        error: 'a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws',
      })
      .describe('where the bot listens: a ws:// or wss:// URL, used as it is'),
    role: z
      .literal('Universal')
      .default('Universal')
      .describe('what the connection carries; Universal: calls and events on one socket'),
    reconnect_interval: seconds
      .default(3)
      .describe('seconds before dialling again; doubles with every failure, and the first retry comes after a tenth'),
    reconnect_interval_max: seconds.default(60).describe('seconds; the longest wait before dialling again'),
    connect_timeout: seconds.default(10).describe('seconds that the bot may take to accept a connection'),
    ...session,
  })
  .describe('A bot that we dial.')
export type ReverseClientOptions = Readonly<z.infer<typeof reverseClientOptions>>
