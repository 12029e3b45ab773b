import { MessageInputError } from '@seekyou/message'
import { ActionFailure, planQuickOperation, status } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyGoCqhttp, sinceCqhttp2, sinceCqhttp4 } from '../generation.ts'
import { nothing } from '../result.ts'

const anObject = (what: string) => z.record(z.string(), z.unknown(), { error: `an object: ${what}` })
const canSend = {
  params: z.object({}),
  data: z.object({ yes: z.boolean() }),
  generations: sinceCqhttp4,
  example: { params: {}, data: { yes: true } },
}

/** The server itself, and what is done in answer to an event. */
export const serverActions = {
  can_send_image: defineAction({ summary: 'Tells whether images can be sent.', ...canSend }),

  can_send_record: defineAction({ summary: 'Tells whether voice can be sent.', ...canSend }),

  get_supported_actions: defineAction({
    summary: 'Lists the actions that this account can do.',
    params: z.object({}),
    data: z.array(z.string()),
    generations: onlyGoCqhttp,
    example: { params: {}, data: ['send_private_msg', 'send_group_msg'] },
    run: (_, call) => call.supported(),
  }),

  get_status: defineAction({
    summary: 'Tells whether the account is online and what has passed through it.',
    params: z.object({}),
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
        plugins_good: {},
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
    params: z.object({}),
    data: z.object({
      app_name: z.string(),
      app_version: z.string(),
      app_full_name: z.string(),
      protocol_version: z.literal('v11'),
      version: z.string(),
      runtime_version: z.string(),
      runtime_os: z.string(),
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
        coolq_edition: 'pro',
        coolq_directory: '',
        'go-cqhttp': true,
        go_cqhttp: true,
        plugin_version: '4.15.0',
        plugin_build_number: 99,
        plugin_build_configuration: 'release',
      }
    },
  }),

  '.handle_quick_operation': defineAction({
    summary: 'Does what a webhook could have answered to an event: reply, delete, kick, ban, approve.',
    params: z.object({ context: anObject('the event'), operation: anObject('what to do about it') }),
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
}
