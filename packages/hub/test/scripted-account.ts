import { compileFilter } from '@seekyou/event-filter'
import { Account, accountOptions, linkOptions, tokenOptions, Tokens, tokenSettings } from '@seekyou/hub'
import type { AuditEntry, FilterSource, LinkOptions, LinkScope } from '@seekyou/hub'
import type {
  ActionHandler,
  Backend,
  BackendHost,
  ControlVerb,
  EventDraft,
  EventSink,
  Gateway,
  GroupId,
  OutgoingEvent,
  SubscribeOptions,
  Subscription,
  UserId,
} from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createMemoryFiles, createRecordingLogger, createTemporaryFolder, createVirtualClock } from '@seekyou/testkit'

export const bot = 10000 as UserId
const alice = 10001 as UserId
const group = 20001 as GroupId

/** A backend without a network: the test says what happens. */
function createScriptedBackend(
  actions: Readonly<Record<string, ActionHandler>> = {},
  control?: Readonly<Record<string, ControlVerb>>,
  passthrough?: Backend['passthrough'],
) {
  let host: BackendHost | undefined
  const backend: Backend = {
    kind: 'scripted',
    identify: async () => ({ user_id: bot, nickname: 'SeekYou' }),
    start: async (lent) => void (host = lent),
    stop: async () => undefined,
    condition: () => ({ phase: 'online' }),
    actions,
    ...(control && { control }),
    ...(passthrough && { passthrough }),
  }
  return {
    backend,
    get host() {
      return host!
    },
  }
}

/** A message that Alice says in the group, as a backend would tell it. */
export function groupMessage(text: string, seq: number): EventDraft {
  return {
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_seq: seq,
    user_id: alice,
    group_id: group,
    anonymous: null,
    message: [{ type: 'text', data: { text } }],
    sender: { user_id: alice, nickname: 'Alice', role: 'member' },
  }
}

/** A running account on a real store in `dataDir`, with a scripted backend and a virtual clock. */
export async function startAccount(
  dataDir: string,
  options: {
    readonly clock?: ReturnType<typeof createVirtualClock>
    readonly heartbeatInterval?: number
    readonly actions?: Readonly<Record<string, ActionHandler>>
    readonly control?: Readonly<Record<string, ControlVerb>>
    readonly restart?: () => void
    readonly mediaQuery?: (key: string) => string
    readonly tap?: { readonly records?: number; readonly bytes?: number }
    /** Tokens as the configuration says them. */
    readonly tokens?: readonly object[]
    readonly passthrough?: Backend['passthrough']
  } = {},
) {
  const clock = options.clock ?? createVirtualClock()
  const log = createRecordingLogger()
  const store = await openStore({ dataDir, clock, log })
  const scripted = createScriptedBackend(options.actions, options.control, options.passthrough)
  const tokens = new Tokens(clock)
  const setTokens = (list: readonly object[]) =>
    tokens.replace(list.map((token) => tokenSettings(tokenOptions.parse(token))))
  setTokens(options.tokens ?? [])
  const audited: AuditEntry[] = []
  const account = await Account.open({
    backend: scripted.backend,
    store,
    files: createMemoryFiles(),
    options: accountOptions.parse({ heartbeat_interval: options.heartbeatInterval ?? 0, tap: options.tap }),
    clock,
    log,
    version: '1.2.3',
    mediaUrl: () => 'http://127.0.0.1:5700',
    ...(options.restart && { restart: options.restart }),
    ...(options.mediaQuery && { mediaQuery: options.mediaQuery }),
    tokens,
    audit: (entry) => void audited.push(entry),
  })
  await account.start()
  return {
    account,
    clock,
    log,
    emit: (draft: EventDraft) => scripted.host.emit(draft),
    host: scripted.host,
    tokens,
    setTokens,
    /** Everything that was told to the audit log. */
    audited,
    gateway: (link: Partial<LinkOptions> = {}, filter?: FilterSource | object, scope?: LinkScope): Gateway =>
      account.gateway(linkOptions.parse(link), filter && sourceOf(filter), scope),
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

/** The same in a folder of its own, and Alice, who says something in the group. */
export async function startConversation() {
  const folder = await createTemporaryFolder()
  const account = await startAccount(folder.path)
  let seq = 0
  return {
    ...account,
    say: (text: string) => account.emit(groupMessage(text, ++seq)),
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function sourceOf(filter: FilterSource | object): FilterSource {
  return 'compile' in filter ? filter : { name: 'the event filter', compile: () => compileFilter(filter) }
}

/** The far end of a link: remembers what it was told, and pauses when it is told to. */
export class RecordingSink implements EventSink {
  readonly told: OutgoingEvent[] = []
  ended: string | undefined
  /** How often its connection was broken. */
  cuts = 0
  /** How many more events it takes before it asks for a pause. */
  room = Number.POSITIVE_INFINITY
  readonly subscription: Subscription

  constructor(gateway: Gateway, options: SubscribeOptions = { lifecycle: 'connect' }) {
    this.subscription = gateway.subscribe(this, options)
  }

  write(event: OutgoingEvent): boolean {
    this.told.push(event)
    return --this.room > 0
  }

  end(reason: string): void {
    this.ended = reason
  }

  cut(): void {
    this.cuts++
  }

  /** The events told so far, parsed. */
  get events(): Record<string, unknown>[] {
    return this.told.map(({ text }) => JSON.parse(text) as Record<string, unknown>)
  }

  /** What was said in the messages told so far. */
  get texts(): unknown[] {
    return this.events.filter(({ message_id }) => message_id).map(({ raw_message }) => raw_message)
  }
}

/** Opens a link of which only its being there matters. */
export function openLink(gateway: Gateway, options: SubscribeOptions): RecordingSink {
  return new RecordingSink(gateway, options)
}
