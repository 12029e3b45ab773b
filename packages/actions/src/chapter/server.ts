import { MessageInputError } from '@seekyou/message'
import { ActionFailure, boolean, integer, once, planQuickOperation, status, text } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { onlyExtended, onlyGoCqhttp, sinceCqhttp2, sinceCqhttp4 } from '../generation.ts'
import { nothing } from '../result.ts'
import { urlSafety } from '../url-safety.ts'

const anObject = (what: string) => z.record(z.string(), z.unknown(), { error: `an object: ${what}` })

const beforeGoCqhttp = ['cqhttp-2', 'cqhttp-4', 'onebot-11'] as const
const onlyCqhttp4 = ['cqhttp-4'] as const

/** The longest delay that timers know, about 25 days. */
const MAX_DELAY_MS = 2 ** 31 - 1
const delay = once(() =>
  integer
    .refine((ms) => ms >= 0 && ms <= MAX_DELAY_MS, { error: `milliseconds from 0 to ${MAX_DELAY_MS}` })
    .meta({ minimum: 0, maximum: MAX_DELAY_MS })
    .default(0)
    .describe('milliseconds until it begins'),
)
const cleaning = once(() => ({
  clean_cache: boolean.default(false).describe('also does what clean_cache does'),
  clean_log: boolean.default(false).describe('of CoolQ; there is nothing like it here'),
  clean_event: boolean.default(false).describe('of CoolQ; there is nothing like it here'),
}))

/** Sets a restart going; its answer is out before it begins. */
async function restart(
  { delay: delayMs = 0, clean_cache = false }: { readonly delay?: number; readonly clean_cache?: boolean },
  call: ActionCall,
): Promise<null> {
  const { restart: begin } = call
  if (!begin) throw new ActionFailure('unsupported', 'this server runs inside a program that does not restart it')
  if (clean_cache) await call.media.clearCache()
  call.clock.setTimeout(begin, delayMs)
  return null
}

const restarting = { data: nothing, isUnsafe: true, isAnsweredAsync: true, run: restart } as const

/** What only the web side of a network gives; not a word of it is ever made up. */
const webCredentials = {
  absence: {
    kind: 'credentials',
    wording: 'the network of this account has no web pages that cookies or tokens are for',
  },
  isUnsafe: true,
} as const
const domain = once(() => text.default('').describe('the web site that the cookies are for'))

/** More characters than any message holds. */
const MAX_SLICED = 10_000
const sliceable = once(() =>
  text
    .refine((value) => value.length <= 2 * MAX_SLICED && Array.from(value).length <= MAX_SLICED, {
      error: `text of at most ${MAX_SLICED} characters`,
    })
    .meta({ maxLength: MAX_SLICED }),
)

/** The server itself, and what is done in answer to an event. */
export const serverActions = {
  get_supported_actions: defineAction({
    summary: 'Lists the actions that this account can do.',
    params: () => z.object({}),
    data: () => z.array(z.string()),
    generations: onlyGoCqhttp,
    example: { params: {}, data: ['send_private_msg', 'send_group_msg'] },
    run: (_, call) => call.supported(),
  }),

  get_status: defineAction({
    summary: 'Tells whether the account is online and what has passed through it.',
    params: () => z.object({}),
    data: status,
    generations: sinceCqhttp4,
    example: {
      params: {},
      data: {
        online: true,
        good: true,
        app_initialized: true,
        app_enabled: true,
        app_good: true,
        plugins_good: true,
        stat: {
          packet_received: 12,
          packet_sent: 34,
          packet_lost: 0,
          message_received: 10,
          message_sent: 8,
          disconnect_times: 0,
          lost_times: 0,
          last_message_time: 1_700_000_000,
        },
      },
    },
    run: (_, call) => call.status(),
  }),

  get_version_info: defineAction({
    summary: 'Tells which program serves, in the words of every generation.',
    params: () => z.object({}),
    data: () =>
      z.object({
        app_name: z.string(),
        app_version: z.string(),
        app_full_name: z.string(),
        protocol_version: z.literal('v11'),
        version: z.string(),
        runtime_version: z.string(),
        runtime_os: z.string(),
        protocol_name: z.int().describe('the device that is played, in the numbers of go-cqhttp; 0: none'),
        // Old clients tell the generation by these.
        coolq_edition: z.literal('pro'),
        coolq_directory: z.string(),
        'go-cqhttp': z.literal(true),
        go_cqhttp: z.literal(true),
        plugin_version: z.string(),
        plugin_build_number: z.int(),
        plugin_build_configuration: z.literal('release'),
      }),
    generations: sinceCqhttp2,
    example: {
      params: {},
      data: {
        app_name: 'seekyou',
        app_version: '1.0.0',
        app_full_name: 'seekyou-1.0.0_linux_x64',
        protocol_version: 'v11',
        version: 'v1.0.0',
        runtime_version: 'v24.0.0',
        runtime_os: 'linux',
        protocol_name: 0,
        coolq_edition: 'pro',
        coolq_directory: '',
        'go-cqhttp': true,
        go_cqhttp: true,
        plugin_version: '4.15.0',
        plugin_build_number: 99,
        plugin_build_configuration: 'release',
      },
    },
    run(_, { dialect, app }) {
      return {
        app_name: dialect.appName,
        app_version: app.version,
        app_full_name: `${dialect.appName}-${app.version}_${process.platform}_${process.arch}`,
        protocol_version: 'v11',
        version: `v${app.version}`,
        runtime_version: process.version,
        runtime_os: process.platform,
        protocol_name: 0,
        coolq_edition: 'pro',
        coolq_directory: '',
        'go-cqhttp': true,
        go_cqhttp: true,
        plugin_version: dialect.pluginVersion,
        plugin_build_number: 99,
        plugin_build_configuration: 'release',
      }
    },
  }),

  '.handle_quick_operation': defineAction({
    summary: 'Does what a webhook could have answered to an event: reply, delete, kick, ban, approve.',
    params: () => z.object({ context: anObject('the event'), operation: anObject('what to do about it') }),
    data: nothing,
    generations: sinceCqhttp4,
    example: {
      params: {
        context: { post_type: 'message', message_type: 'group', group_id: 20001, user_id: 10001, message_id: 7 },
        operation: { reply: '收到' },
      },
      data: null,
    },
    // A quick operation has no one to tell of a failure, so what goes wrong is logged, and the rest is still done.
    async run({ context, operation }, call) {
      try {
        for (const { action, params } of planQuickOperation(context, operation, call.dialect)) {
          try {
            await call.call(action, params)
          } catch (error) {
            if (!(error instanceof ActionFailure)) throw error
            call.log.warn({ action, reason: error.message }, 'part of a quick operation failed')
          }
        }
      } catch (error) {
        if (!(error instanceof MessageInputError)) throw error
        throw new ActionFailure('bad-params', `operation.reply: ${error.message}`)
      }
      return null
    },
  }),

  '.ack': defineAction({
    summary: 'Says, on the socket that carries the events, which event the client is done with; needs `ack: explicit`.',
    params: () =>
      z.object({
        seq: integer
          .refine((seq) => seq > 0, { error: 'the `_seq` of an event (a positive integer)' })
          .meta({ minimum: 1 })
          .describe('the `_seq` of the last event that it is done with; those before it are, too'),
      }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { seq: 7 }, data: null },
    // The hub does it where it can be done: on a link.
    absence: { kind: 'unsupported', wording: '.ack belongs on the socket that carries the events, not here' },
  }),

  '.get_word_slices': defineAction({
    summary: 'Cuts a text into its words, Chinese ones too.',
    params: () => z.object({ content: sliceable() }),
    data: () => z.object({ slices: z.array(z.string()) }),
    generations: onlyGoCqhttp,
    example: { params: { content: '今天天气很好。' }, data: { slices: ['今天', '天气', '很好'] } },
    run({ content }) {
      const words = new Intl.Segmenter('zh', { granularity: 'word' })
      const slices = [...words.segment(content.replaceAll('\0', ''))]
      return { slices: slices.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment) }
    },
  }),

  check_url_safely: defineAction({
    summary: 'Tells what the lists of the operator say of a URL: 1 safe, 2 unknown, 3 dangerous.',
    params: () => z.object({ url: text }),
    data: () => z.object({ level: z.int().min(1).max(3) }),
    generations: onlyGoCqhttp,
    example: { params: { url: 'https://example.com/' }, data: { level: 2 } },
    run: ({ url }, { options }) => ({ level: urlSafety(url, options) }),
  }),

  get_cookies: defineAction({
    summary: 'Gets the cookies of the account on the web pages of its network.',
    params: () => z.object({ domain: domain() }),
    data: () => z.object({ cookies: z.string() }),
    generations: beforeGoCqhttp,
    example: { params: { domain: 'example.com' }, data: { cookies: 'uin=o10000; skey=@abc' } },
    ...webCredentials,
  }),

  get_csrf_token: defineAction({
    summary: 'Gets the token that the web pages of the network want besides the cookies.',
    params: () => z.object({}),
    data: () => z.object({ token: z.int() }),
    generations: beforeGoCqhttp,
    example: { params: {}, data: { token: 5381 } },
    ...webCredentials,
  }),

  get_credentials: defineAction({
    summary: 'Gets the cookies and the token at once.',
    params: () => z.object({ domain: domain() }),
    data: () => z.object({ cookies: z.string(), csrf_token: z.int() }),
    generations: ['cqhttp-4', 'onebot-11'],
    example: { params: { domain: '' }, data: { cookies: 'uin=o10000; skey=@abc', csrf_token: 5381 } },
    ...webCredentials,
  }),

  reload_event_filter: defineAction({
    summary: 'Reads the event filters again; if anything is wrong with one, all stay as they were.',
    params: () =>
      z.object({
        file: text.optional().describe('only the filters in this file, named as in the configuration'),
      }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: {}, data: null },
    run({ file }, call) {
      call.reloadFilters(file === '' ? undefined : file)
      return null
    },
  }),

  set_restart: defineAction({
    summary: 'Restarts the server: it stops in order, reads its configuration again and starts.',
    params: () => z.object({ delay: delay(), ...cleaning() }),
    generations: ['cqhttp-4', 'onebot-11'],
    example: { params: { delay: 2000 }, data: null },
    ...restarting,
  }),

  set_restart_plugin: defineAction({
    summary: 'Restarts the server, as set_restart does.',
    params: () => z.object({ delay: delay() }),
    generations: onlyCqhttp4,
    example: { params: { delay: 2000 }, data: null },
    ...restarting,
  }),

  _set_restart: defineAction({
    summary: 'Restarts the server, as set_restart does.',
    params: () => z.object(cleaning()),
    generations: onlyCqhttp4,
    example: { params: {}, data: null },
    ...restarting,
  }),

  clean_plugin_log: defineAction({
    summary: 'Removes the log files, of which this server keeps none: its log goes to standard error.',
    params: () => z.object({}),
    data: nothing,
    generations: onlyCqhttp4,
    example: { params: {}, data: null },
    run: () => null,
  }),

  '.check_update': defineAction({
    summary: 'Looks for a newer version; this server never does, and says so.',
    params: () => z.object({ automatic: boolean.default(false).describe('also install what is found') }),
    data: nothing,
    generations: onlyCqhttp4,
    example: { params: {}, data: null },
    absence: {
      kind: 'unsupported',
      wording: 'this server does not look for updates; who installed it updates it the same way',
    },
  }),
}
