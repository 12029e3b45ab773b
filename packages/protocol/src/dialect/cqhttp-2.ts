import type { Dialect } from '../dialect.ts'
import { once } from '../once.ts'
import { inShape, onlyCqhttp, sinceCqhttp2 } from './event-shape.ts'
import type { EventShapes } from './event-shape.ts'

const events = once((): EventShapes => new Map([...sinceCqhttp2(), ...onlyCqhttp()]))

/** A field of today in the words of then. */
function inOldWords([field, value]: readonly [string, unknown]): readonly (readonly [string, unknown])[] {
  switch (field) {
    case 'post_type':
      return [[field, value === 'notice' ? 'event' : value]]
    case 'notice_type':
      return [['event', value]]
    case 'comment':
      return [['message', value]]
    case 'anonymous': {
      const { name = '', flag = '' } = (value ?? {}) as { readonly name?: string; readonly flag?: string }
      return [
        ['anonymous', name],
        ['anonymous_flag', flag],
      ]
    }
    default:
      return [[field, value]]
  }
}

/**
 * CQHTTP up to 2.1: notices are called events, masks are names, discuss groups are there and meta events are not. It
 * spoke HTTP only, and its webhooks show the token that calls need.
 *
 * @see https://cqhttp.cc/docs/
 */
export const cqhttp2 = {
  name: 'cqhttp-2',
  failures: {},
  envelope: {
    done: { status: 'ok', retcode: 0, data: null },
    failed: { status: 'failed', retcode: 100, data: null },
  },
  unsupportedContentType: 'refuse',
  missingContentType: 'refuse',
  async: 'later',
  atSender: true,
  atSeparator: ' ',
  ambiguousTarget: 'group',
  authScheme: 'Token',
  webhookAuthScheme: 'token',
  userAgent: 'CoolQHttpApi/2.1.4',
  appName: 'seekyou',
  pluginVersion: '2.1.4',
  greeting: {},
  otherSocketPaths: 'refuse',
  event(event) {
    const known = inShape(event, events())
    return known && Object.fromEntries(Object.entries(known).flatMap(inOldWords))
  },
} as const satisfies Dialect
