import { actionOptions } from '@seekyou/actions'
import { dialects, unsendable } from '@seekyou/protocol'
import type { DialectName } from '@seekyou/protocol'
import * as z from 'zod'
import { rateLimitOptions } from './rate-limit-options.ts'

const dialectNames = Object.keys(dialects) as [DialectName, ...DialectName[]]

/** How many wrong tokens one address may show. */
export const loginLimitOptions = z.strictObject({
  frequency: z
    .number()
    .min(0)
    .default(0.5)
    .describe('wrong tokens a second that one address may show in the long run; 0: no limit'),
  bucket: z
    .int()
    .min(1)
    .default(30)
    .describe(
      'different wrong tokens that one address may show at once; after that none of it is looked at for a moment',
    ),
})
export type LoginLimitOptions = z.output<typeof loginLimitOptions>

/** What every link can be told about the calls it takes and the events it gets. */
export const linkOptions = z.strictObject({
  access_token: z
    .string()
    .refine((token) => !unsendable.test(token), { error: 'text without line breaks or other control characters' })
    .default('')
    .describe('token that clients must show, or that we show; empty: none'),
  dialect: z
    .enum(dialectNames)
    .default('default')
    .describe(`generation of the protocol that the client expects: ${dialectNames.join(', ')}`),
  message_format: z
    .enum(['string', 'array'])
    .default('string')
    .describe('messages as text with CQ codes, or as arrays of segments'),
  report_self_message: z.boolean().default(false).describe('also tell what the account itself said, as message_sent'),
  extra_reply_data: z
    .boolean()
    .default(false)
    .describe('tell of a quotation also who said it, when and what: seq, qq, time and text besides its id'),
  remove_reply_at: z
    .boolean()
    .default(false)
    .describe('leave out the at behind a quotation that is for who is quoted; clients of the network put it there'),
  replay_max_age: z
    .number()
    .min(0)
    .default(60)
    .describe('seconds; after an outage a named link gets missed events up to this age'),
  replay_rate: z
    .number()
    .min(0)
    .default(1000)
    .describe('events a second that a link gets at most while it catches up; 0: as fast as it takes them'),
  report_seq: z
    .boolean()
    .default(false)
    .describe('give every event `_seq`, its place in the journal, which is what `?resume=` and `.ack` take'),
  ack: z
    .enum(['written', 'explicit'])
    .default('written')
    .describe(
      'what says that a socket has an event: written, that it took the bytes; explicit, its call `.ack` with the `_seq` ' +
        'of the last event it is done with, and what it did not acknowledge is told again on its next connection',
    ),
  rate_limit: rateLimitOptions().prefault({}).describe('how often this link may call actions'),
})
export type LinkOptions = z.output<typeof linkOptions>

/** What an account can be told. */
export const accountOptions = z.strictObject({
  heartbeat_interval: z.number().min(0).default(15).describe('seconds between heartbeats; 0: none'),
  tap: z
    .strictObject({
      records: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(10_000)
        .describe('how many of the last events, deliveries, calls and changes of links can be looked at; 0: none'),
      bytes: z
        .int()
        .min(1_048_576)
        .default(33_554_432)
        .describe('about how much memory they may take; the oldest are dropped first'),
    })
    .prefault({})
    .describe('what is kept in memory of what passed, for the console and /inspect/tap'),
  ...actionOptions.shape,
})
export type AccountOptions = z.output<typeof accountOptions>
