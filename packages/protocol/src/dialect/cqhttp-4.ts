import type { Dialect } from '../dialect.ts'
import { cqhttpMessages, fields, inShape, metaEvents, notice, sinceCqhttp2 } from './event-shape.ts'
import type { EventShapes } from './event-shape.ts'

const events: EventShapes = new Map([
  ...sinceCqhttp2,
  ...cqhttpMessages,
  ['notice group_ban', { ...notice, ...fields('sub_type operator_id duration') }],
  ...metaEvents,
])

/**
 * CQHTTP up to 4.15, for clients that stumble over any notice it did not have: OneBot 11 without recalls, pokes and
 * honours, but with discuss groups.
 *
 * @see https://cqhttp.cc/docs/
 */
export const cqhttp4 = {
  name: 'cqhttp-4',
  failures: {
    'token-wrong': { status: 403 },
    'bad-content-type': { status: 406 },
  },
  envelope: {
    done: ['status', 'retcode', 'data'],
    failed: ['status', 'retcode', 'data'],
  },
  unsupportedContentType: 'refuse',
  missingContentType: 'sniff',
  async: 'later',
  atSender: true,
  atSeparator: ' ',
  ambiguousTarget: 'group',
  authScheme: 'Token',
  webhookAuthScheme: 'none',
  userAgent: 'CQHttp/4.15.0',
  appName: 'seekyou',
  pluginVersion: '4.15.0',
  event: (event) => inShape(event, events),
} as const satisfies Dialect
