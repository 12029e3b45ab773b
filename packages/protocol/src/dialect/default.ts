import type { Dialect } from '../dialect.ts'

/** What the clients of every generation can live with. */
export const defaultDialect = {
  name: 'default',
  failures: {},
  envelope: {
    done: { status: 'ok', retcode: 0, data: null },
    failed: { status: 'failed', retcode: 100, data: null, msg: '', wording: '', message: '' },
  },
  unsupportedContentType: 'refuse',
  missingContentType: 'sniff',
  async: 'later',
  atSender: true,
  atSeparator: ' ',
  ambiguousTarget: 'private',
  authScheme: 'Bearer',
  webhookAuthScheme: 'none',
  userAgent: 'CQHttp/4.15.0 (SeekYou)',
  appName: 'seekyou',
  pluginVersion: '4.15.0',
  greeting: {},
  otherSocketPaths: 'refuse',
  event: (event) => event,
} as const satisfies Dialect
