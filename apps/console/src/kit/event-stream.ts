import { request, urlOf } from './api.ts'
import { createStore } from './store.ts'

export type Connection = 'idle' | 'connecting' | 'open' | 'lost'

/** How the live stream of the page stands; idle: it has none. */
export const connection = createStore<Connection>('idle')

const firstRetryMs = 500
const lastRetryMs = 10_000

/**
 * Listens to server-sent events at `path` until `signal` is aborted, and comes back after every end, with the id of what
 * it heard last. `onOpen` is told each time the stream stands, so that what was missed can be read again.
 */
export function listen(
  path: string,
  {
    onData,
    onOpen,
    onState,
    signal,
  }: {
    onData: (data: string, id: string) => void
    onOpen?: () => void
    onState?: (state: Connection) => void
    signal: AbortSignal
  },
): void {
  let retryMs = firstRetryMs
  let lastId = ''
  signal.addEventListener('abort', () => onState?.('idle'), { once: true })
  const open = (): void => {
    if (signal.aborted) return
    onState?.('connecting')
    const url = new URL(urlOf(path))
    if (lastId) url.searchParams.set('after', lastId)
    const source = new EventSource(url, { withCredentials: true })
    const close = (): void => source.close()
    signal.addEventListener('abort', close, { once: true })
    source.addEventListener('open', () => {
      retryMs = firstRetryMs
      onState?.('open')
      onOpen?.()
    })
    source.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId) lastId = lastEventId
      onData(data, lastEventId)
    })
    source.addEventListener('error', () => {
      onState?.('lost')
      // A browser gives up for good on an answer that is no stream; we ask what it was, for the login, and go on.
      if (source.readyState !== EventSource.CLOSED) return
      signal.removeEventListener('abort', close)
      void request('get_login_info', { signal }).catch(() => undefined)
      setTimeout(open, retryMs)
      retryMs = Math.min(retryMs * 2, lastRetryMs)
    })
  }
  open()
}
