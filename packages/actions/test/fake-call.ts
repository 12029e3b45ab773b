import type { ActionCall, ActionOptions } from '@seekyou/actions'
import { actionOptions, PacedQueue, perform, supportedActions, Workbench } from '@seekyou/actions'
import { renderMessage } from '@seekyou/message'
import type { MessageFormat, Segment } from '@seekyou/message'
import { chatKey, chatOf, dialects, mapSegments, messageId, toWireEvent, userId } from '@seekyou/protocol'
import type {
  ActionHandler,
  Backend,
  Dialect,
  FileSource,
  MediaStore,
  MessageStore,
  Status,
  StoredMessage,
} from '@seekyou/protocol'
import { createBackendHost, createRecordingLogger, createVirtualClock } from '@seekyou/testkit'
import type { BackendMemory, LogLine, VirtualClock } from '@seekyou/testkit'

/** What a handler of the fake backend was given. */
interface Done {
  readonly action: string
  readonly params: unknown
}

export const status: Status = {
  online: true,
  good: true,
  app_initialized: true,
  app_enabled: true,
  app_good: true,
  plugins_good: true,
  stat: {
    packet_received: 1,
    packet_sent: 2,
    packet_lost: 0,
    message_received: 1,
    message_sent: 0,
    disconnect_times: 0,
    lost_times: 0,
    last_message_time: 1_700_000_000,
  },
}

export interface FakeCall {
  readonly call: ActionCall
  readonly done: readonly Done[]
  readonly lines: readonly LogLine[]
  readonly clock: VirtualClock
  /** What is stored of media. */
  readonly memory: BackendMemory['media']
}

/** An account on a backend that notes what it is asked to do and answers from `answers`, or throws what is an Error. */
export function createFakeCall(setup: {
  readonly answers?: Readonly<Record<string, unknown>>
  readonly passthrough?: Backend['passthrough']
  readonly dialect?: Partial<Dialect>
  readonly stored?: readonly StoredMessage[]
  readonly format?: MessageFormat
  readonly options?: Partial<ActionOptions>
  readonly mediaNamed?: Backend['mediaNamed']
  readonly media?: Partial<MediaStore>
  readonly files?: FileSource
  readonly restart?: () => void
  readonly reloadFilters?: ActionCall['reloadFilters']
}): FakeCall {
  const { answers = {}, passthrough, dialect, stored = [], format = 'array', mediaNamed, files, restart } = setup
  const { reloadFilters = () => undefined } = setup
  const self = { user_id: userId.parse(10000), nickname: '小助手' }
  const clock = createVirtualClock()
  const host = createBackendHost({ self, clock, ...(files && { files }) })
  const options = actionOptions.parse(setup.options ?? {})
  const done: Done[] = []
  const log = createRecordingLogger()
  const handler =
    (action: string): ActionHandler =>
    async (params: unknown) => {
      done.push({ action, params })
      const answer = answers[action]
      if (answer instanceof Error) throw answer
      return answer
    }
  const backend: Backend = {
    kind: 'fake',
    identify: async () => call.self,
    start: async () => {},
    stop: async () => {},
    condition: () => ({ phase: 'online' }),
    actions: Object.fromEntries(Object.keys(answers).map((action) => [action, handler(action)])),
    ...(passthrough && { passthrough }),
    ...(mediaNamed && { mediaNamed }),
  }
  const messages: MessageStore = {
    allocateId: () => messageId.parse(1),
    put: async () => {},
    get: async (id) => stored.find(({ event }) => event.message_id === id),
    page: async (chat, { upTo = Infinity, limit }) =>
      stored.filter(({ event }) => chatKey(chatOf(event)) === chatKey(chat) && event.message_seq <= upTo).slice(-limit),
    list: async ({ limit }) => stored.slice(0, limit),
    count: async () => stored.length,
    lastSeq: async () => 0,
    markRecalled: async () => false,
  }
  const withUrl = (segment: Segment): Segment =>
    segment.data['url'] === undefined ? segment : { ...segment, data: { ...segment.data, url: 'http://here/' } }
  const call: ActionCall = {
    self,
    dialect: { ...dialects.default, ...dialect },
    backend,
    messages,
    media: { ...host.media, ...setup.media },
    files: host.files,
    clock,
    log,
    options,
    app: { version: '1.2.3' },
    supported: () => supportedActions(backend),
    status: () => status,
    mediaUrl: (key) => `http://here/media/${key}`,
    reloadFilters,
    ...(restart && { restart }),
    queue: new PacedQueue(clock, options.rate_limit_interval * 1000),
    workbench: new Workbench(2),
    render: (message) => renderMessage(message.map(withUrl), format),
    renderEvent: (event) => toWireEvent(mapSegments(event, withUrl), format),
    call: async (action, params) => perform(action, params, call),
  }
  return { call, done, lines: log.lines, clock, memory: host.memory.media }
}
