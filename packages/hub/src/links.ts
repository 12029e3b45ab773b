import { ActionFailure } from '@seekyou/protocol'
import type {
  AccountStore,
  Clock,
  Event,
  EventSink,
  LinkKind,
  LinkState,
  Logger,
  Seq,
  SubscribeOptions,
  UserId,
} from '@seekyou/protocol'
import type { EncodedEvent } from './encoded-event.ts'
import { Link } from './link.ts'
import type { LinkView } from './link.ts'
import type { LinkStatus } from './link-status.ts'
import type { MetaEvents } from './meta-event.ts'
import { rememberedEvent } from './remembered-event.ts'
import type { Tap } from './tap.ts'
import { readWrittenEvent } from './written-event.ts'

/** A link that is kept up whether it is connected or not. */
interface ExpectedLink {
  readonly kind: LinkKind
  /** How its transport stands; asked at each use. */
  readonly state: () => LinkState
}

/** The links of an account, for those who configure and look after them. */
export interface AccountLinks {
  /** How every link is doing: those that are connected, and those whose place in the events is kept. */
  list(): Promise<readonly LinkStatus[]>
  /** Keeps a place in the journal for a link that will come under this name: what happens from now on is for it too. */
  expect(name: string, link: ExpectedLink): Promise<void>
  /** Does not wait for this link any more. Its place in the events is kept, should it come again. */
  unexpect(name: string): void
  /** Hears that a link which is expected stands in another way than before. */
  changed(name: string): void
  /**
   * Tells a link nothing until `resume`; a named one also on its next connections. What happens meanwhile waits in the
   * journal.
   * @throws ActionFailure when there is no link of that id.
   */
  pause(id: string): Promise<void>
  /** Tells a link again what happens, and first what happened meanwhile. @throws ActionFailure as `pause`. */
  resume(id: string): Promise<void>
  /**
   * Tells a link one event once more, or one that a person wrote. The link forgets of it: it is tried once, refused or
   * not, and a quick operation in answer to it is done. Says what became of it so far: `waiting` where the link takes
   * nothing now.
   * @throws ActionFailure where there is no such link or event, or the event cannot be read.
   */
  replay(
    id: string,
    what: { readonly seq: Seq } | { readonly event: Readonly<Record<string, unknown>> },
  ): Promise<'written' | 'waiting' | 'unwanted'>
  /**
   * Tells a link the events again that its program refused, one of them or the oldest thousand, and answers how many;
   * those that are taken are no dead letters any more.
   * @throws ActionFailure when no link of that name is connected.
   */
  retryDeadLetters(id: string, seq?: Seq): Promise<number>
}

/** A program that wants to be told events. */
interface NewLink extends SubscribeOptions {
  readonly sink: EventSink
  readonly view: LinkView
  /** Which events it may be told; absent: all. */
  readonly permits?: (event: Event) => boolean
}

/** A link that is open. */
interface OpenLink {
  readonly link: Link
  /** Notes that an event has to be posted to it again. */
  readonly countRetry: () => void
}

/** The links of an account, for the account itself. */
export interface Links extends AccountLinks {
  /** Begins to tell events to a link, its lifecycle event first. */
  open(link: NewLink): OpenLink
  /** Offers a link nothing more; one that was told `enable` is told `disable`. */
  drop(link: Link): void
  /** Has every link hear of a new entry of the journal. */
  offer(encoded: EncodedEvent & { readonly seq: Seq }): void
  /** Tells every link an event that is about now. */
  tell(encoded: EncodedEvent): void
  /** Breaks the connection of every link, and of those that come before `until`, in milliseconds since 1970. */
  cut(until: number): void
  /** Has the links drop what they read ahead: something of it was erased. */
  readAgain(): void
  /** Drops and ends every link. */
  close(reason: string): void
}

interface LinksSetup {
  readonly selfId: UserId
  readonly store: Pick<AccountStore, 'journal' | 'deadLetters'>
  readonly meta: MetaEvents
  readonly encode: (told: { readonly event: Event; readonly seq?: Seq; readonly at?: number }) => EncodedEvent
  readonly tap: Tap | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** Dead letters that one call tells again. */
const MOST_RETRIED = 1000

export function createLinks({ selfId, store, meta, encode, tap, clock, log }: LinksSetup): Links {
  const { journal, deadLetters } = store
  const live = new Map<Link, SubscribeOptions['lifecycle']>()
  const expected = new Map<string, ExpectedLink & { connections: number; retries: number; recorded?: LinkState }>()
  /** Those that an operator holds back, by their ids. */
  const held = new Set<string>()
  /** How many without a name there were. */
  let unnamed = 0
  /** Until when new connections are broken, in milliseconds since 1970. */
  let cutUntil = 0

  function open({ name, after, kind, lifecycle, sink, view, permits }: NewLink): OpenLink {
    if (name !== undefined) replace(name)
    const awaited = name === undefined ? undefined : expected.get(name)
    if (awaited) awaited.connections++
    const link = new Link({
      id: name ?? `${kind ?? 'link'}#${++unnamed}`,
      name,
      kind,
      sink,
      view,
      ...(permits && { permits }),
      journal,
      deadLetters,
      encode,
      tap,
      clock,
      log,
    })
    live.set(link, lifecycle)
    if (held.has(link.id)) link.hold()
    if (!awaited) record({ id: link.id, kind, state: { phase: 'open', since: link.since } })
    const greeting = kind === 'ws' ? view.dialect.greeting : undefined
    link.tell(encode({ event: { ...meta.lifecycle(lifecycle), ...greeting } }), { isFiltered: false })
    link.restore(after).catch((error: unknown) => {
      log.error({ link: name, err: error }, 'the place where this link left off cannot be read; it begins now')
    })
    if (clock.now() < cutUntil) link.cut()
    return {
      link,
      countRetry() {
        if (awaited) awaited.retries++
      },
    }
  }

  /** Two links of one name would share one cursor; the newer one has it. */
  function replace(name: string): void {
    for (const link of live.keys()) {
      if (link.name !== name) continue
      drop(link)
      link.close(`a newer connection took the name ${JSON.stringify(name)}`)
    }
  }

  function drop(link: Link): void {
    if (live.get(link) === 'enable') link.tell(encode({ event: meta.lifecycle('disable') }), { isFiltered: false })
    if (!live.delete(link) || (link.name !== undefined && expected.has(link.name))) return
    record({ id: link.id, kind: link.kind, state: { phase: 'ended' } })
    // No other link gets its number.
    if (link.name === undefined) held.delete(link.id)
  }

  function record({ id, kind, state }: Pick<LinkStatus, 'id' | 'kind' | 'state'>): void {
    const at = clock.now()
    tap?.add({ type: 'link', at, link: id, kind, state: state ?? { phase: 'ended' }, held: held.has(id) })
  }

  function changed(name: string): void {
    const link = expected.get(name)
    if (!link) return
    const state = link.state()
    // While it is tried again and again, the first time says it all.
    if (link.recorded && isLikeBefore(state, link.recorded)) return
    link.recorded = state
    record({ id: name, kind: link.kind, state })
  }

  async function list(): Promise<readonly LinkStatus[]> {
    const connected = Array.from(live.keys(), (link): LinkStatus => {
      const { id, name, kind, since } = link
      const awaited = name === undefined ? undefined : expected.get(name)
      const state = awaited?.state() ?? { phase: 'open', since }
      const { connections = 1, retries = 0 } = awaited ?? {}
      return { id, name, kind: awaited?.kind ?? kind, state, ...link.describe(), connections, retries }
    })
    const others = [...(await journal.cursors())].filter(([name]) => !connected.some((link) => link.name === name))
    const away = others.map(([name, cursor]): LinkStatus => {
      const { kind, state, connections = 0, retries = 0 } = expected.get(name) ?? {}
      const lag = Math.max(0, journal.last() - cursor)
      const idle = { isPaused: false, isHeld: held.has(name), lastWrittenAt: undefined }
      return { id: name, name, kind, state: state?.(), cursor, lag, ...idle, connections, retries }
    })
    return [...connected, ...away]
  }

  function connectedLink(id: string): Link {
    const link = live.keys().find((one) => one.id === id)
    if (!link) throw new ActionFailure('no-data', `no link ${JSON.stringify(id.slice(0, 80))} is connected`)
    return link
  }

  async function statusOf(id: string): Promise<LinkStatus> {
    const links = await list()
    const found = links.find((link) => link.id === id)
    if (found) return found
    const known = links.map((link) => link.id).join(', ') || 'none'
    throw new ActionFailure('no-data', `there is no link ${JSON.stringify(id.slice(0, 80))}; there are: ${known}`)
  }

  return {
    list,
    open,
    drop,
    changed,
    async expect(name, link) {
      expected.set(name, { ...link, connections: 0, retries: 0 })
      if ((await journal.cursor(name)) === undefined) journal.advance(name, journal.last())
      changed(name)
    },
    unexpect: (name) => void expected.delete(name),
    offer(encoded) {
      for (const link of live.keys()) link.offer(encoded)
    },
    tell(encoded) {
      for (const link of live.keys()) if (!link.isPaused) link.tell(encoded, { isFiltered: true })
    },
    cut(until) {
      cutUntil = until
      for (const link of live.keys()) link.cut()
    },
    readAgain() {
      for (const link of live.keys()) link.readAgain()
    },
    close(reason) {
      for (const link of live.keys()) {
        drop(link)
        link.close(reason)
      }
    },

    async pause(id) {
      const link = await statusOf(id)
      held.add(id)
      for (const one of live.keys()) if (one.id === id) one.hold()
      if (!link.isHeld) record(link)
    },
    async resume(id) {
      const link = await statusOf(id)
      held.delete(id)
      for (const one of live.keys()) if (one.id === id) one.release()
      if (link.isHeld) record(link)
    },
    async replay(id, what) {
      const link = connectedLink(id)
      const at = clock.now()
      const event =
        'seq' in what
          ? await rememberedEvent(store, what.seq, link.name)
          : readWrittenEvent(what.event, { selfId, now: at })
      const isWritten = link.replay(encode({ event }), { seq: 'seq' in what ? what.seq : undefined, at })
      return isWritten === undefined ? 'unwanted' : isWritten ? 'written' : 'waiting'
    },
    async retryDeadLetters(id, seq) {
      const link = connectedLink(id)
      const letters = await deadLetters.list({ link: id, ...(seq !== undefined && { seq }), limit: MOST_RETRIED })
      link.tellAgain(letters.map((letter) => letter.seq))
      return letters.length
    },
  }
}

function isLikeBefore(state: LinkState, before: LinkState): boolean {
  if (before.phase === 'waiting' && state.phase === 'connecting') return true
  return state.phase === 'waiting' && before.phase === 'waiting'
    ? state.lastError === before.lastError
    : state.phase === before.phase
}
