// The client
export { createClient } from './client.ts'
export type { Client, ClientOptions } from './client.ts'

// How calls fail
export { ActionError } from './action-error.ts'
export { ConnectionError } from './connection-error.ts'
export type { CallOutcome } from './connection-error.ts'

// What calls take and give
export type { Actions, CallArguments, CallData, CallName, CallOptions, CallParams, MessageInput } from './call.ts'

// Events and messages
export type { BotEvent, EventName, EventOf, MessageContent, UnknownEvent } from './event.ts'
export { segmentsOf } from './message.ts'
export type { MessageEvent } from './message.ts'
export { isSegment, segment } from '@seekyou/message'
export type { Segment, SegmentOf, SegmentType } from '@seekyou/message'
