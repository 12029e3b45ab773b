import { once } from '@seekyou/protocol'
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
  permessage_deflate: z
    .boolean()
    .default(false)
    .describe('compress frames of 1 KiB and more for clients that offer it; costs several times the processor time'),
}

export type SessionOptions = Readonly<z.infer<z.ZodObject<typeof session>>>

/** How bots that dial us are served. */
export const forwardServerOptions = z.strictObject({
  max_sockets: z
    .int()
    .positive()
    .default(4096)
    .describe('WebSockets open at once; further ones are refused with 503 until some are closed'),
  max_link_names: z
    .int()
    .min(0)
    .default(64)
    .describe('names that clients may give themselves with ?link=<name>; further ones are refused with 503'),
  allowed_origins: z
    .array(
      z.string().refine((text) => text === 'null' || (/^https?:/.test(text) && isOrigin(text)), {
        error: 'an origin: scheme, host and port as in https://bots.example or http://127.0.0.1:8080, nothing after',
      }),
    )
    .default([])
    .describe(
      'web pages that may call, read the answers and open WebSockets without a token, by their exact origins, such as http://localhost:3000; only our own by default',
    ),
  ...session,
})
export type ForwardServerOptions = Readonly<z.infer<typeof forwardServerOptions>>

const webSocketUrl = () =>
  z.string().refine((text) => /^wss?:\/\//i.test(text) && URL.canParse(text) && !text.includes('#'), {
    error: 'a ws:// or wss:// URL without a fragment, such as ws://127.0.0.1:8080/onebot/v11/ws',
  })

const file = () => z.string().min(1).optional()
const tls = once(() =>
  z
    .strictObject({
      ca: file().describe('PEM file of the authorities that may vouch for the bot, in place of the usual ones'),
      cert: file().describe('PEM file of the certificate that is shown to a bot which asks for one'),
      key: file().describe('PEM file of the private key of cert'),
      reject_unauthorized: z
        .boolean()
        .default(true)
        .describe('false: connect to a bot that nobody vouches for, and so to whoever takes its place'),
    })
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
      error: 'cert and key together, or neither',
    }),
)

/** A bot that we dial; made when there is one. */
export const reverseClientOptions = z.lazy(() =>
  z
    .strictObject({
      name: z.string().min(1).describe('name of the link, under which the account remembers which events this bot has'),
      url: webSocketUrl().describe('where the bot listens: a ws:// or wss:// URL, used as it is'),
      api_url: webSocketUrl()
        .optional()
        .describe('where the bot listens for calls only; this or event_url makes two connections, API and Event'),
      event_url: webSocketUrl()
        .optional()
        .describe('where the bot listens for events only; of the two, the one that is left out is at url'),
      role: z
        .enum(['Universal', 'API', 'Event'])
        .default('Universal')
        .describe('what is carried: calls and events, on one socket or on two; only calls; or only events'),
      reconnect_interval: seconds
        .default(3)
        .describe('seconds before dialling again; doubles with every failure, and the first retry comes after a tenth'),
      reconnect_interval_max: seconds.default(60).describe('seconds; the longest wait before dialling again'),
      connect_timeout: seconds.default(10).describe('seconds that the bot may take to accept a connection'),
      tls: tls().prefault({}).describe('how a wss:// bot and we prove to each other who we are'),
      ...session,
    })
    .describe('A bot that we dial.'),
)
export type TlsOptions = Readonly<z.infer<ReturnType<typeof tls>>>
export type ReverseClientOptions = Readonly<z.infer<typeof reverseClientOptions>>

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}
