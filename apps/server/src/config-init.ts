import { randomBytes } from 'node:crypto'
import { ConfigError } from './config-error.ts'
import { writeYaml } from './config-print.ts'
import { sentenceOf } from './issue-sentence.ts'
import { schemaLine } from './config-write.ts'
import { configSchema } from './config-schema.ts'
import { isLoopback } from './config.ts'
import { pathText, schemaAt } from './schema-path.ts'
import type { Path } from './schema-path.ts'

/** What a first configuration is made of; what is absent has its default. */
export interface InitAnswers {
  readonly backend?: string | undefined
  /** Where the OneBot 11 implementation listens that has the account. */
  readonly upstream?: string | undefined
  readonly upstreamToken?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** Empty: none, or one by chance where others can reach the listener. */
  readonly token?: string | undefined
  readonly format?: string | undefined
  /** Where a bot program waits to be called: ws:// or wss:// for a WebSocket, http:// or https:// for webhooks. */
  readonly connect?: string | undefined
}

/** The flag that an answer is given with, by its place in the configuration. */
const flags: Readonly<Record<string, string>> = {
  'bots[0].backend.type': '--backend',
  'bots[0].backend.url': '--upstream',
  'bots[0].listen[0].host': '--host',
  'bots[0].listen[0].port': '--port',
  'bots[0].connect[0].url': '--connect',
  'defaults.message_format': '--format',
}

/**
 * The text of a first seekyou.yml, and the token that clients must show, if there is one.
 * @throws ConfigError for answers that cannot be.
 */
export function initialConfig(
  answers: InitAnswers,
  file: string,
): { readonly text: string; readonly token: string | undefined } {
  const { backend = answers.upstream === undefined ? 'sandbox' : 'onebot', host = '127.0.0.1', port = 5700 } = answers
  const token = answers.token || (isLoopback(host) ? undefined : randomBytes(24).toString('base64url'))
  const { connect, format, upstream, upstreamToken } = answers
  const data = {
    ...((token !== undefined || format !== undefined) && {
      defaults: {
        ...(token !== undefined && { access_token: token }),
        ...(format !== undefined && { message_format: format }),
      },
    }),
    bots: [
      {
        backend: {
          type: backend,
          ...(upstream !== undefined && { url: upstream }),
          ...(upstreamToken && { access_token: upstreamToken }),
        },
        listen: [{ host, port }],
        ...(connect !== undefined && {
          connect: [{ type: /^wss?:/i.test(connect) ? 'reverse-ws' : 'webhook', name: 'bot', url: connect }],
        }),
      },
    ],
  }
  const read = configSchema.safeParse(data, { reportInput: true })
  if (!read.success) {
    throw new ConfigError(
      read.error.issues.map((issue) => {
        const at = pathText(issue.path)
        return (flags[at] ?? at) + sentenceOf(issue, schemaAt(configSchema, data, issue.path))
      }),
    )
  }
  const head =
    '# Everything else has its default; the README of the program lists what there is, seekyou check what holds.\n'
  return { text: `${schemaLine(file)}${head}\n${writeYaml(data, remark)}`, token }
}

/** What a value is for, where its name does not tell. */
function remark(path: Path): string | undefined {
  return remarks[pathText(path)]
}

const remarks: Readonly<Record<string, string>> = {
  'defaults.access_token': 'clients show it: Authorization: Bearer …, or ?access_token=…',
  'defaults.message_format': 'string: text with CQ codes; array: segments',
  'bots[0].backend.type':
    'sandbox: a simulated chat network; onebot: a real account, through an implementation of OneBot 11',
  'bots[0].connect[0].name': 'how the link is remembered: after an outage it gets what it missed',
}
