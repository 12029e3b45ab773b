import type { Dialect } from '../dialect.ts'
import { once } from '../once.ts'
import type { WireEvent } from '../wire-event.ts'
import { fields, inShape, notice, sinceCqhttp4 } from './event-shape.ts'
import type { EventShapes } from './event-shape.ts'

const events = once(
  (): EventShapes =>
    new Map([
      ...sinceCqhttp4(),
      ['notice group_recall', { ...notice(), ...fields('operator_id message_id') }],
      ['notice friend_recall', { ...notice(), ...fields('message_id') }],
      ['notice notify poke', { ...notice(), ...fields('sub_type target_id') }],
      ['notice notify lucky_king', { ...notice(), ...fields('sub_type target_id') }],
      ['notice notify honor', { ...notice(), ...fields('sub_type honor_type') }],
    ]),
)

const honors: readonly unknown[] = ['talkative', 'performer', 'emotion']

/** Whether a notice is one that came with go-cqhttp under a name of the standard: friends poke, newer honours. */
function isNewer({ notice_type, sub_type, group_id, honor_type }: WireEvent): boolean {
  return notice_type === 'notify' && (group_id === undefined || (sub_type === 'honor' && !honors.includes(honor_type)))
}

/**
 * OneBot 11 by the letter: none of the events and fields that go-cqhttp added.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/event/README.md
 */
export const oneBot11 = {
  name: 'onebot-11',
  failures: {
    'token-wrong': { status: 403 },
    'bad-content-type': { status: 406 },
  },
  envelope: {
    done: { status: 'ok', retcode: 0, data: null },
    failed: { status: 'failed', retcode: 100, data: null, msg: '', wording: '' },
  },
  unsupportedContentType: 'refuse',
  missingContentType: 'sniff',
  async: 'later',
  atSender: true,
  atSeparator: ' ',
  ambiguousTarget: 'group',
  authScheme: 'Bearer',
  webhookAuthScheme: 'none',
  userAgent: 'CQHttp/4.15.0 (SeekYou)',
  appName: 'seekyou',
  pluginVersion: '4.15.0',
  greeting: {},
  otherSocketPaths: 'refuse',
  event: (event) => (isNewer(event) ? undefined : inShape(event, events())),
} as const satisfies Dialect
