import * as z from 'zod'
import { readWebhookTarget } from './webhook-target.ts'

const origin = z.string().refine((text) => text === 'null' || (/^https?:/.test(text) && isOrigin(text)), {
  error: 'an origin as browsers send it: scheme, host and port, such as http://localhost:3000, nothing after',
})

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

const hostName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, {
  error: 'a name in lower case without a port, such as bots.lan',
})

/** Where the HTTP server listens and what it takes. Units are in the descriptions. */
export const httpServerOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'address to listen on; 127.0.0.1 and ::1 are this machine only, 0.0.0.0 every network, :: also those of IPv6',
    ),
  port: z.int().min(0).max(65_535).default(5700).describe('port to listen on; 0 takes any free one'),
  socket: z
    .string()
    .min(1)
    .optional()
    .describe('path of a unix socket to listen on instead of host and port; one that nobody listens on is replaced'),
  socket_mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, { error: 'three octal digits in quotes, such as "660"' })
    .default('600')
    .describe('who may use the unix socket, as in chmod; whoever may needs no token unless there is one'),
  tls: z
    .strictObject({
      cert: z.string().min(1).describe('PEM file of the certificate, with those between it and its root'),
      key: z.string().min(1).describe('PEM file of its private key; both files are read again when they have changed'),
    })
    .optional()
    .describe('makes the listener speak https:// and wss://'),
  body_limit: z
    .number()
    .positive()
    .max(256)
    .default(32)
    .describe('MiB; the largest request body; media sent as base64 is a third larger than its file'),
  header_limit: z
    .int()
    .min(4)
    .max(1024)
    .default(128)
    .describe('KiB; the URL and the headers of a request together; a Chinese character in a query takes nine bytes'),
  request_timeout: z
    .number()
    .positive()
    .max(3600)
    .default(300)
    .describe('seconds that a request may take to arrive, its headers a minute of it at most'),
  allowed_origins: z
    .array(origin)
    .default([])
    .describe(
      'web pages that may call, read the answers and open WebSockets without a token, by their exact origins, such as http://localhost:3000; only our own by default',
    ),
  allowed_hosts: z
    .array(hostName)
    .default([])
    .describe(
      'names under which browsers may open a listener that asks for no token, besides localhost and addresses; a page of another name is turned away',
    ),
  data_files: z
    .string()
    .min(1)
    .optional()
    .describe('folder whose files are served under /data/, with a descriptor for each image seen; absent: none are'),
  updates_name: z
    .string()
    .min(1)
    .default('get_updates')
    .describe('name under which the account remembers which events were fetched with get_updates'),
  blocked_timeout: z
    .number()
    .positive()
    .default(60)
    .describe('seconds; an event stream that is not read for longer is closed'),
  ping_interval: z.number().positive().default(30).describe('seconds between signs of life on an event stream'),
})
export type HttpServerOptions = z.infer<typeof httpServerOptions>

const aTarget = 'an http:// or https:// URL, or http+unix:///path/of.sock:/path/of/url'

/** One program that is told events by HTTP POST; made when there is one. Units are in the descriptions. */
export const webhookOptions = z.lazy(() =>
  z.strictObject({
    name: z
      .string()
      .min(1)
      .describe('name of the link, under which the account remembers which events this program has'),
    url: z
      .string({ error: aTarget })
      .refine((text) => readWebhookTarget(text) !== undefined, { error: aTarget })
      .describe('where events are posted; http+unix:///run/bot.sock:/events is the path /events on a unix socket'),
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
        'how often an event is posted that is refused (3xx or 4xx, but for 408, 425, 429); then it is a dead letter; ' +
          'a program that never took one gets each once',
      ),
  }),
)
export type WebhookOptions = z.infer<typeof webhookOptions>
