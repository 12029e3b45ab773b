import type { Dialect } from '../dialect.ts'
import type { WireEvent } from '../wire-event.ts'

/** Nearly everything that goes wrong is 100 here; what it is, `msg` says. */
const failed = { retcode: 100 }

/**
 * go-cqhttp as it answers in fact, also where its documentation says otherwise. Events need next to no change: the form
 * that every dialect starts from is its own.
 *
 * @see https://docs.go-cqhttp.org/api/
 */
export const goCqhttp = {
  name: 'go-cqhttp',
  failures: {
    'no-data': failed,
    refused: failed,
    unsupported: failed,
    credentials: failed,
    file: failed,
    busy: failed,
    unreachable: failed,
    'token-wrong': { status: 403 },
    'unknown-action': { retcode: 404, status: 200, code: 'API_NOT_FOUND' },
    'bad-method': { status: 404 },
  },
  envelope: {
    done: { data: null, message: '', retcode: 0, status: 'ok' },
    failed: { data: null, message: '', msg: '', retcode: 100, status: 'failed', wording: '' },
  },
  unsupportedContentType: 'ignore',
  missingContentType: 'ignore',
  async: 'now',
  atSender: false,
  atSeparator: '',
  ambiguousTarget: 'private',
  authScheme: 'Token',
  webhookAuthScheme: 'none',
  userAgent: 'CQHttp/4.15.0',
  appName: 'go-cqhttp',
  pluginVersion: '4.15.0',
  // An inner number of its, by which some of its clients know it.
  greeting: { _post_method: 2 },
  otherSocketPaths: 'everything',
  event: withoutRawTextOfGuilds,
} as const satisfies Dialect

/** In channels of guilds it tells no `raw_message`, and there are clients that make their own and fail on a second. */
function withoutRawTextOfGuilds(event: WireEvent): WireEvent {
  if (event['message_type'] !== 'guild') return event
  const { raw_message: _, ...told } = event
  return told
}
