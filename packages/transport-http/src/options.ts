import * as z from 'zod'

/** Where the HTTP server listens and what it takes. Units are in the descriptions. */
export const httpServerOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address to listen on; 127.0.0.1 is this machine only, 0.0.0.0 every network'),
  port: z.int().min(0).max(65_535).default(5700).describe('port to listen on; 0 takes any free one'),
  body_limit: z
    .number()
    .positive()
    .max(256)
    .default(32)
    .describe('MiB; the largest request body; media sent as base64 is a third larger than its file'),
})
export type HttpServerOptions = z.infer<typeof httpServerOptions>

/** One program that is told events by HTTP POST. Units are in the descriptions. */
export const webhookOptions = z.strictObject({
  name: z.string().min(1).describe('name of the link, under which the account remembers which events this program has'),
  url: z.url({ protocol: /^https?$/, error: 'an http:// or https:// URL' }).describe('where events are posted'),
  secret: z.string().default('').describe('key of the X-Signature header; empty sends none'),
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(20)
    .describe('seconds that one post may take, its answer included; then it is tried again'),
  max_refusals: z
    .int()
    .min(1)
    .default(3)
    .describe(
      'how often an event is posted that is refused (3xx or 4xx, but for 408, 425, 429); then it is a dead letter',
    ),
})
export type WebhookOptions = z.infer<typeof webhookOptions>
