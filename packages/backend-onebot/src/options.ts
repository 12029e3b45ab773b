import { unsendable } from '@seekyou/protocol'
import * as z from 'zod'
import { profileNames } from './profile-name.ts'

const seconds = z.number().positive()

/** Where the upstream comes to us: it dials a WebSocket, or posts its events where its calls go over HTTP. */
const listen = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  port: z.int().min(0).max(65_535).describe('port to listen on; 0: any free one'),
})

/** The OneBot 11 implementation that has the account, and how it is spoken to. */
export const bridgeOptions = z.strictObject({
  url: z
    .string()
    .refine((text) => /^(?:ws|http)s?:\/\//i.test(text) && URL.canParse(text) && !text.includes('#'), {
      error: 'a ws://, wss://, http:// or https:// URL, such as ws://127.0.0.1:3001',
    })
    .optional()
    .describe(
      'where the implementation listens; ws:// or wss:// carries calls and events, http:// or https:// the calls: its events then come to `listen` as webhooks, or without that from its event stream at /_events',
    ),
  listen: listen
    .optional()
    .describe('where the implementation dials us (reverse WebSocket), or with an HTTP `url` where it posts its events'),
  access_token: z
    .string()
    .refine((token) => !unsendable.test(token), { error: 'text without line breaks or other control characters' })
    .default('')
    .describe('token that it asks for, or that it shows when it dials; empty: none'),
  secret: z.string().default('').describe('of webhooks: the secret that it signs events with; empty: none'),
  self_id: z
    .int()
    .positive()
    .optional()
    .describe('number of the account; with it the server starts while the implementation was never seen yet'),
  profile: z
    .enum(['auto', ...profileNames])
    .default('auto')
    .describe('whose differences are repaired; auto: by what it says of itself'),
  unsupported_segments: z
    .enum(['refuse', 'text', 'drop'])
    .default('refuse')
    .describe(
      'parts of a message that it cannot send: the send fails and says so, or they become text, or they are left out',
    ),
  media: z
    .enum(['store', 'link'])
    .default('store')
    .describe('pictures, records and videos of events: kept here, so that they outlive their address, or only linked'),
  media_timeout: seconds
    .default(3)
    .describe('seconds that an event waits for its media; what comes later is only found by its name'),
  call_timeout: seconds.default(30).describe('seconds after which a call counts as not answered'),
  echo_timeout: seconds
    .default(10)
    .describe('seconds in which the own message must show up when it is not known whether it was sent'),
  connect_timeout: seconds.default(10).describe('seconds that it may take to accept a connection'),
  reconnect_interval: seconds
    .default(3)
    .describe('seconds before dialling again; doubles with every failure, and the first retry comes after a tenth'),
  reconnect_interval_max: seconds.default(60).describe('seconds; the longest wait before dialling again'),
  ping_interval: seconds.default(30).describe('seconds between pings; a connection that leaves two unanswered is cut'),
  remembered_ids: z
    .int()
    .min(1000)
    .default(1_000_000)
    .describe('messages whose ids can still be told to the implementation, for recalls and quotations'),
})
export type BridgeOptions = z.output<typeof bridgeOptions>

/** There is no upstream without a place to find it. */
export function requireUpstream(options: Pick<BridgeOptions, 'url' | 'listen'>, context: z.RefinementCtx): void {
  if (options.url === undefined && options.listen === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['url'],
      message: 'where the implementation listens, such as ws://127.0.0.1:3001 (or set listen, for it to dial)',
      input: undefined,
    })
  }
  if (options.listen !== undefined && /^wss?:/i.test(options.url ?? '')) {
    context.addIssue({
      code: 'custom',
      path: ['listen'],
      message: 'a place for webhooks beside an http:// url; a ws:// url carries the events itself',
      input: options.listen,
    })
  }
}
