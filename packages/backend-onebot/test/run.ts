import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { createBridge } from '@seekyou/backend-onebot'
import type { BridgeSetup } from '@seekyou/backend-onebot'
import { systemClock } from '@seekyou/protocol'
import type { Backend, Clock, FileSource, NetworkEvent } from '@seekyou/protocol'
import { createBackendHost, createRecordingLogger, FakeUpstream, within } from '@seekyou/testkit'
import type { BackendMemory, FakeUpstreamSetup, LogLine, MemoryBackendHost, UpstreamKind } from '@seekyou/testkit'

/** Far more than anything takes on a machine that is busy with other things. */
const DEADLINE_MS = 10_000

/** A bridge that runs on a host in memory, with an implementation on the other side of real sockets. */
export interface Run extends AsyncDisposable {
  readonly upstream: FakeUpstream
  readonly backend: Backend
  readonly host: MemoryBackendHost
  readonly lines: readonly LogLine[]
  /** Does an action as the dispatcher would, and checks that what it answers fits the action's schema. */
  act(action: ActionName, params?: object): Promise<unknown>
  /** Resolves with the first event from the `from`th on that is like this one. */
  hears(like: object, from?: number): Promise<NetworkEvent>
}

interface RunSetup extends Omit<Partial<BridgeSetup>, 'log' | 'clock'> {
  /** What survived another run. */
  readonly kept?: BackendMemory
  readonly files?: FileSource
  readonly time?: Clock
  readonly play?: Partial<FakeUpstreamSetup>
  /** Another run's upstream. */
  readonly upstream?: FakeUpstream
}

export async function startBridge(
  kind: UpstreamKind,
  { kept, files, time = systemClock, play, upstream: given, ...setup }: RunSetup = {},
): Promise<Run> {
  await using opened = new AsyncDisposableStack()
  const upstream = given ?? opened.use(await FakeUpstream.start({ kind, ...play }))
  const log = createRecordingLogger()
  const place = setup.url === undefined && setup.listen === undefined ? { url: upstream.url } : {}
  const backend = createBridge({ log, clock: time, random: () => 0, reconnect_interval: 0.2, ...place, ...setup })
  opened.defer(() => backend.stop())
  const self = await within(DEADLINE_MS, backend.identify(), () => `no upstream: ${JSON.stringify(log.lines)}`)
  const host = createBackendHost({ self, clock: time, ...(kept && { memory: kept }), ...(files && { files }) })
  await backend.start(host)
  const owned = opened.move()
  return {
    upstream,
    backend,
    host,
    lines: log.lines,
    async act(action, params = {}) {
      const handler = backend.actions[action]
      if (!handler) throw new Error(`the bridge does not do ${action}`)
      const data = await handler(catalogue[action].params.parse(params) as never)
      const { source, data: schema } = catalogue[action] as {
        source?: typeof schema
        data: { parse(value: unknown): unknown }
      }
      ;(source ?? schema).parse(data)
      return data
    },
    async hears(like, from = 0) {
      return until(
        () => host.events.slice(from).find((event) => matches(event, like)),
        () =>
          `no event like ${JSON.stringify(like)} among ${host.events.length} that end with ${JSON.stringify(host.events.slice(-5))}; the log: ${JSON.stringify(log.lines)}`,
      )
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Whether a value has all that another has, which is said by looking and not by failing: it is asked often. */
function matches(value: unknown, like: unknown): boolean {
  if (typeof like !== 'object' || like === null) return Object.is(value, like)
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(like)) return false
  if (Array.isArray(like) && (value as unknown[]).length !== like.length) return false
  return Object.entries(like).every(([key, inner]) => matches((value as Record<string, unknown>)[key], inner))
}

/** What `look` sees once it sees something. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  complaint: () => string = () => 'it never happened',
): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > deadline) throw new Error(complaint())
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export const text = (content: string) => [{ type: 'text', data: { text: content } }]

export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** The implementation dies and comes back, and the bridge has noticed both. */
export async function outage({ upstream, backend }: Run, meanwhile?: () => void): Promise<void> {
  await upstream.crash()
  await until(() => backend.condition().phase === 'offline')
  meanwhile?.()
  await upstream.listen()
  await until(() => backend.condition().phase === 'online')
}
