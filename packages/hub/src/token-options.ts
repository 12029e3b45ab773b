import { BlockList, isIP, isIPv6 } from 'node:net'
import { actionNamed } from '@seekyou/actions'
import { once } from '@seekyou/protocol'
import * as z from 'zod'
import { rateLimitOptions } from './rate-limit-options.ts'
import { presets } from './permissions.ts'
import type { Preset } from './permissions.ts'
import { actionsOf } from './rule.ts'

const presetNames = Object.keys(presets) as [Preset, ...Preset[]]

const rule = () =>
  z.string().superRefine((text, context) => {
    if (actionsOf(text) !== undefined) return
    const message = `an action such as send_group_msg, a family such as get_*, or one of ${presetNames.join(', ')}`
    context.addIssue({ code: 'custom', message, input: text })
  })

const ids = (what: string) =>
  z
    .union([z.literal('all'), z.array(z.int().positive())], { error: `all, or a list of ${what} such as [20001]` })
    .optional()

const kind = () =>
  z.string().regex(/^(?:message|message_sent|notice|request|meta_event)(?:\.\w+){0,2}$/, {
    error: 'message, message_sent, notice, request or meta_event, or one of their kinds such as notice.group_ban',
  })

/** What a client may do, and what it is told. Nothing is allowed that is not named. */
const scope = () => ({
  preset: z
    .enum(presetNames)
    .optional()
    .describe(
      'what it may do: read-only looks; chat also speaks; moderator also keeps order in groups; admin also changes the account and its groups',
    ),
  allow: z
    .array(rule())
    .default([])
    .describe(
      'what else it may do: actions, families such as get_*, presets; what cannot be taken back (leaving, ending a friendship, restarting, cookies) only by its own name',
    ),
  deny: z.array(rule()).default([]).describe('what it may not do, whatever else says so'),
  passthrough: z
    .array(
      z.string().refine((name) => name !== '' && actionNamed(name) === undefined, {
        error: 'the name of an action that only the network behind a bridge knows; the others belong in allow',
      }),
    )
    .default([])
    .describe('actions that only the network behind a bridge knows; not where groups or users are set'),
  groups: ids('groups').describe(
    'the groups it may touch and is told of, or all; absent: all, or none where users are set',
  ),
  users: ids('people').describe(
    'the people whose private chats it may touch and is told of, or all; absent: all, or none where groups are set',
  ),
  events: z
    .array(kind())
    .optional()
    .describe('the events it is told, such as message, request or notice.group_ban; absent: all of its chats'),
  rate_limit: rateLimitOptions().prefault({}).describe('how often it may call actions, over all of its connections'),
})

interface Limits {
  readonly passthrough: readonly string[]
  readonly groups?: unknown
  readonly users?: unknown
}

/** What an action reaches that nobody here knows, nobody can tell. */
function refuseBlindPassthrough({ passthrough, groups, users }: Limits, context: z.RefinementCtx): void {
  if (passthrough.length === 0 || (groups === undefined && users === undefined)) return
  const message = 'nothing where groups or users are set, since nobody here knows which chats such an action reaches'
  context.addIssue({ code: 'custom', path: ['passthrough'], message, input: passthrough })
}

export const scopeOptions = z.lazy(() => z.strictObject(scope()).superRefine(refuseBlindPassthrough))
export type ScopeOptions = z.output<typeof scopeOptions>

/** How a token may be called: what files, sentences and addresses can carry. */
export const tokenName = once(() =>
  z.string().regex(/^[\w.-]{1,64}$/, { error: 'a name of 1 to 64 letters, digits, "_", "." and "-"' }),
)

const moment = () =>
  z.string().refine((text) => /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'a date or a time in quotes, such as "2027-01-31" or "2027-01-31T12:00:00Z"',
  })

const source = () =>
  z.string().refine((text) => readSource(text) !== undefined, {
    error: 'an address or a network, such as 10.0.0.7, 192.168.0.0/16 or fd00::/8',
  })

const limits = () => ({
  ...scope(),
  expires_at: moment().optional().describe('when it ends: a date or a time, such as "2027-01-31T12:00:00Z"'),
  bots: z
    .array(z.int({ error: 'the number of an account' }).positive({ error: 'the number of an account' }), {
      error: 'a list of account numbers such as [10000]',
    })
    .min(1, { error: 'at least one account; left out, it is for every bot' })
    .optional()
    .describe('the bots of this program that it is for, by their numbers; absent: all'),
  from: z
    .array(source())
    .min(1, { error: 'at least one address or network; left out, it may come from anywhere' })
    .optional()
    .describe('addresses and networks it may come from, such as 10.0.0.0/8; absent: anywhere'),
})

/** What a token is, besides its name and its secret. */
export const tokenLimits = z.lazy(() => z.strictObject(limits()).superRefine(refuseBlindPassthrough))

/** A token as the configuration says it. */
export const tokenOptions = z.lazy(() =>
  z
    .strictObject({
      name: tokenName().describe('name of the token, for refusals, the audit log and `scope` of connections'),
      secret: z
        .string()
        .min(16, { error: 'text of at least 16 characters that nobody can guess' })
        .optional()
        .describe('what clients show; absent: it is only the `scope` of connections'),
      ...limits(),
    })
    .superRefine(refuseBlindPassthrough),
)
export type TokenOptions = z.output<typeof tokenOptions>

/** A token as the program keeps it: of its secret only the SHA-256, in lower-case hex. */
export type TokenSettings = z.output<typeof tokenLimits> & {
  readonly name: string
  readonly sha256?: string | undefined
}

/** The addresses that a token may come from. */
export function sourcesOf(from: readonly string[]): Pick<BlockList, 'check'> {
  const list = new BlockList()
  for (const text of from) {
    const { address, prefix, family } = readSource(text)!
    list.addSubnet(address, prefix, family)
  }
  return list
}

function readSource(text: string) {
  const [address = '', size, ...rest] = text.split('/')
  const bits = isIPv6(address) ? 128 : 32
  const prefix = size === undefined ? bits : /^\d{1,3}$/.test(size) ? Number(size) : Number.NaN
  if (isIP(address) === 0 || rest.length > 0 || !(prefix <= bits)) return undefined
  return { address, prefix, family: bits === 128 ? ('ipv6' as const) : ('ipv4' as const) }
}
