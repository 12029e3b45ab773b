import { bridgeOptions, requireUpstream } from '@seekyou/backend-onebot'
import { refuseTakenNumber, sandboxOptions } from '@seekyou/backend-sandbox'
import { fileSourceOptions } from '@seekyou/file-source'
import { accountOptions, linkOptions, loginLimitOptions, scopeOptions, tokenOptions } from '@seekyou/hub'
import { storeOptions } from '@seekyou/store'
import { httpServerOptions, webhookOptions } from '@seekyou/transport-http'
import { forwardServerOptions, reverseClientOptions } from '@seekyou/transport-ws'
import * as z from 'zod'
import { auditOptions } from './audit-options.ts'
import { refuseSharedBots } from './config-bots.ts'
import { logAreas, logLevels } from './log-options.ts'
import { logLevelOption } from './log-level-option.ts'

/*
 * seekyou.yml is put together from the options of the packages; a key is documented, checked and given its default
 * where it is used. `listen` is who connects to us, `connect` is whom we connect to. All of it is loaded where there is
 * something to judge; config-defaults.ts says what it makes of nothing.
 */

/** The options of every link, each of them left out where the next level up decides. */
const linkOverrides = z.strictObject(
  Object.fromEntries(
    Object.entries(linkOptions.shape).map(([key, option]) => [
      key,
      option
        .unwrap()
        .optional()
        .meta(option.meta() ?? {}),
    ]),
  ) as {
    [Key in keyof typeof linkOptions.shape]: z.ZodOptional<ReturnType<(typeof linkOptions.shape)[Key]['unwrap']>>
  },
)

const filter = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: 'the path of a JSON file, or the rules themselves' })
  .optional()
  .describe('event filter: the path of a JSON file (relative to this file), or the rules themselves')

const listener = z.strictObject({
  ...httpServerOptions.shape,
  ...forwardServerOptions.shape,
  ...linkOverrides.shape,
  filter,
})

const scope = () =>
  z
    .union([z.string(), scopeOptions.unwrap()], {
      error: 'the name of a token, or a block of preset, allow, deny, groups, users, events and rate_limit',
    })
    .optional()
    .describe(
      'what its program may do and is told: the name of a token, or a block of the same keys; absent: everything',
    )

const connection = z.lazy(() => {
  const ofAny = { ...linkOverrides.shape, filter, scope: scope() }
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('webhook'), ...webhookOptions.unwrap().shape, ...ofAny }),
    z.strictObject({ type: z.literal('reverse-ws'), ...reverseClientOptions.unwrap().shape, ...ofAny }),
  ])
})

/** Under its name a link's place in the events is remembered: two of one name would take them from each other. */
function refuseSharedNames(links: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  refuseShared(links, 'name', 'a name that no other link has', context)
}

function refuseShared<Key extends string>(
  items: readonly { readonly [K in Key]?: string | undefined }[],
  key: Key,
  message: string,
  context: z.RefinementCtx,
): void {
  const values = items.map((item) => item[key])
  for (const [index, value] of values.entries()) {
    if (value === undefined || values.indexOf(value) === index) continue
    context.addIssue({ code: 'custom', path: [index, key], message, input: value })
  }
}

const tokens = z.array(tokenOptions).superRefine((list, context) => {
  refuseShared(list, 'name', 'a name that no other token has', context)
  refuseShared(list, 'secret', 'a secret that no other token has', context)
})

const bot = z.strictObject({
  backend: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('sandbox'), ...sandboxOptions.shape }).superRefine(refuseTakenNumber),
      z.strictObject({ type: z.literal('onebot'), ...bridgeOptions.shape }).superRefine(requireUpstream),
    ])
    .prefault({ type: 'sandbox' }),
  ...accountOptions.shape,
  listen: z.array(listener).prefault([{}]),
  connect: z.array(connection).superRefine(refuseSharedNames).default([]),
})

/** Everything that seekyou.yml can say. */
export const configSchema = z.strictObject({
  data_dir: z.string().min(1).default('./data').describe('folder of the database and the media'),
  log_level: logLevelOption
    .default('info')
    .describe(
      `what is worth a line in the log: ${logLevels.join(', ')}; or a block of levels by area, such as { default: info, transport-ws: debug }; the areas are ${logAreas.join(', ')}`,
    ),
  watch: z
    .boolean()
    .default(true)
    .describe('go by this file and the filter files as soon as they change; SIGHUP has them read in any case'),
  metrics_open: z
    .boolean()
    .default(false)
    .describe('let everyone read /metrics, where otherwise the token is asked for'),
  store: storeOptions.prefault({}),
  files: fileSourceOptions.prefault({}),
  tokens: tokens.default([]),
  login_limit: loginLimitOptions.prefault({}).describe('how many wrong tokens one address may show'),
  audit: auditOptions.prefault({}),
  defaults: linkOptions.prefault({}),
  bots: z.array(bot).min(1, { error: 'one bot or more' }).superRefine(refuseSharedBots).prefault([{}]),
})
export type Config = z.output<typeof configSchema>

/** It is read once, which is not worth the code that zod would write for it. */
export const readOnce = { reportInput: true, jitless: true }
