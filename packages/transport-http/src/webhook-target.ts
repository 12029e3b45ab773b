/** Where a webhook posts to: a URL, and the unix socket behind which it is, if it is behind one. */
export interface WebhookTarget {
  readonly url: string
  readonly socketPath?: string
}

/**
 * Reads the URL of a webhook: `http://…`, `https://…`, or `http+unix://` with the path of a socket and the path on it,
 * as `http+unix:///run/bot.sock:/events` or `http+unix://%2Frun%2Fbot.sock/events`. `undefined` for anything else.
 */
export function readWebhookTarget(text: string): WebhookTarget | undefined {
  const onSocket = /^http\+unix:\/\/(?:(\/[^:?#]+):?|(%2F[^/?#]+))(\/[^#]*)?$/i.exec(text)
  if (onSocket) {
    const [, plain, escaped = '', path = '/'] = onSocket
    const socketPath = plain ?? decode(escaped)
    return socketPath === undefined || socketPath.includes('\0')
      ? undefined
      : { url: `http://localhost${path}`, socketPath }
  }
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? { url: text } : undefined
}

function decode(escaped: string): string | undefined {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}
