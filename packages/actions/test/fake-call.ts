import type { ActionCall } from '@seekyou/actions'
import { perform, supportedActions } from '@seekyou/actions'
import { renderMessage } from '@seekyou/message'
import type { MessageFormat, Segment } from '@seekyou/message'
import { chatKey, chatOf, dialects, mapSegments, messageId, toWireEvent, userId } from '@seekyou/protocol'
import type { ActionHandler, Backend, Dialect, MessageStore, Status, StoredMessage } from '@seekyou/protocol'
import { createRecordingLogger } from '@seekyou/testkit'
import type { LogLine } from '@seekyou/testkit'

/** What a handler of the fake backend was given. */
export interface Done {
  readonly action: string
  readonly params: unknown
}

export const status: Status = {
  online: true,
  good: true,
  app_initialized: true,
  app_enabled: true,
  app_good: true,
  plugins_good: {},
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

/** An account on a backend that notes what it is asked to do and answers from `answers`, or throws what is an Error. */
export function createFakeCall(setup: {
  readonly answers?: Readonly<Record<string, unknown>>
  readonly passthrough?: Backend['passthrough']
  readonly dialect?: Partial<Dialect>
  readonly stored?: readonly StoredMessage[]
  readonly format?: MessageFormat
}): { readonly call: ActionCall; readonly done: readonly Done[]; readonly lines: readonly LogLine[] } {
  const { answers = {}, passthrough, dialect, stored = [], format = 'array' } = setup
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
    isOnline: () => true,
    actions: Object.fromEntries(Object.keys(answers).map((action) => [action, handler(action)])),
    ...(passthrough && { passthrough }),
  }
  const messages: MessageStore = {
    allocateId: () => messageId.parse(1),
    put: async () => {},
    get: async (id) => stored.find(({ event }) => event.message_id === id),
    page: async (chat, { upTo = Infinity, limit }) =>
      stored.filter(({ event }) => chatKey(chatOf(event)) === chatKey(chat) && event.message_seq <= upTo).slice(-limit),
    lastSeq: async () => 0,
    markRecalled: async () => false,
  }
  const withUrl = (segment: Segment): Segment =>
    segment.data['url'] === undefined ? segment : { ...segment, data: { ...segment.data, url: 'http://here/' } }
  const call: ActionCall = {
    self: { user_id: userId.parse(10000), nickname: '小助手' },
    dialect: { ...dialects.default, ...dialect },
    backend,
    messages,
    log,
    app: { version: '1.2.3' },
    supported: () => supportedActions(backend),
    status: () => status,
    render: (message) => renderMessage(message.map(withUrl), format),
    renderEvent: (event) => toWireEvent(mapSegments(event, withUrl), format),
    call: (action, params) => perform(action, params, call),
  }
  return { call, done, lines: log.lines }
}
