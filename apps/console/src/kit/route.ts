import { useSyncExternalStore } from 'react'

export const pages = ['chat', 'inspector', 'playground', 'links'] as const

export type Page = (typeof pages)[number]

/** Where in the page someone is: `#/chat/g20001,u10001?as=10002`. */
export interface Route {
  readonly page: Page
  /** What stands behind the page, without its slashes. */
  readonly rest: string
  readonly query: Readonly<Record<string, string>>
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [first = '', ...rest] = path.split('/')
  return {
    page: pages.find((page) => page === first) ?? 'chat',
    rest: rest.map(decode).join('/'),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function writeRoute({ page, rest = '', query = {} }: Partial<Route> & Pick<Route, 'page'>): string {
  const search = new URLSearchParams(query).toString()
  // Commas and colons stand in the addresses of chats and need no escape there.
  const path = rest
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%2C', ',').replaceAll('%3A', ':'))
    .join('/')
  return `#/${page}${rest ? `/${path}` : ''}${search ? `?${search}` : ''}`
}

/** Goes there; `replace` leaves no step to go back to. */
export function navigate(to: Partial<Route> & Pick<Route, 'page'>, { replace = false } = {}): void {
  const hash = writeRoute(to)
  if (hash === location.hash) return
  history[replace ? 'replaceState' : 'pushState'](null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

let known = { hash: '', route: readRoute('') }
/** Where someone was last on each page. */
const places = new Map<Page, Route>()

function current(): Route {
  if (known.hash !== location.hash) {
    known = { hash: location.hash, route: readRoute(location.hash) }
    places.set(known.route.page, known.route)
  }
  return known.route
}

/** The place on a page where someone was last, to come back to; not the message that they were brought to there. */
export function lastPlace(page: Page): Pick<Route, 'page'> & Partial<Route> {
  const { rest = '', query: { message: _message, ...query } = {} } = places.get(page) ?? {}
  return { page, rest, query }
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  addEventListener('popstate', listener)
  return () => {
    removeEventListener('hashchange', listener)
    removeEventListener('popstate', listener)
  }
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current)
}
