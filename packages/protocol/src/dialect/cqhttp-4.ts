import type { Dialect } from '../dialect.ts'
import { once } from '../once.ts'
import { inShape, onlyCqhttp, sinceCqhttp4 } from './event-shape.ts'
import type { EventShapes } from './event-shape.ts'

const events = once((): EventShapes => new Map([...sinceCqhttp4(), ...onlyCqhttp()]))

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
    done: { status: 'ok', retcode: 0, data: null },
    failed: { status: 'failed', retcode: 100, data: null },
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
  greeting: {},
  otherSocketPaths: 'refuse',
  event: (event) => inShape(event, events()),
} as const satisfies Dialect
