// Words
export { discussId, groupId, guildScopedId, messageId, userId } from './ids.ts'
export type { DiscussId, GroupId, GuildScopedId, MessageId, Seq, UserId } from './ids.ts'
export { boolean, integer, structuredParams, text } from './scalar.ts'
export { once } from './once.ts'
export { ActionFailure, BackendRefused, BackendUnreachable, failures, OutcomeUnknown } from './failure.ts'
export type { FailureKind } from './failure.ts'
export type { Answer, Envelope, Outcome } from './reply.ts'
export { answer } from './dialect.ts'
export type { Dialect } from './dialect.ts'
export { dialects } from './dialects.ts'
export type { DialectName } from './dialects.ts'
export { handshakeHeaders, webhookHeaders } from './link-headers.ts'
export { planQuickOperation, quickOperation } from './quick-operation.ts'
export type { QuickCall } from './quick-operation.ts'
export { inHeader, readCredential, secretMatcher, unsendable } from './credential.ts'
export { secretNames } from './secret-names.ts'
export { describeError } from './describe-error.ts'

// Events
export { isMessage, networkEvent } from './event/event.ts'
export type { Event, EventDraft, MessageDraft, NetworkEvent } from './event/event.ts'
export { chatKey, chatOf, messageEvent, role, sender, sex } from './event/message.ts'
export type { Chat, MessageEvent, Role, Sender } from './event/message.ts'
export { foreignEvent } from './event/foreign.ts'
export type { ForeignEvent } from './event/foreign.ts'
export { guildMessageEvent } from './event/guild-message.ts'
export type { GuildMessageEvent } from './event/guild-message.ts'
export { channelInfo, channelReaction, noticeEvent } from './event/notice.ts'
export type { NoticeEvent } from './event/notice.ts'
export { requestEvent } from './event/request.ts'
export type { RequestEvent } from './event/request.ts'
export { metaEvent, status } from './event/meta.ts'
export type { MetaEvent, Status } from './event/meta.ts'
export { quotation } from './quotation.ts'
export { mapSegments, toWireEvent } from './wire-event.ts'
export type { RenderedMessage, WireEvent } from './wire-event.ts'

// Ports
export type { ActionHandler, Backend, BackendHost, Condition, ControlVerb, Identity } from './port/backend.ts'
export type { BackendState } from './port/backend-state.ts'
export type { CallMemory, RememberedCall, RememberedOutcome } from './port/call-memory.ts'
export { systemClock } from './port/clock.ts'
export type { Clock, Timer } from './port/clock.ts'
export type { DeadLetter, DeadLetterQuery, DeadLetters } from './port/dead-letters.ts'
export { isFileLocation, isStoredPath } from './port/file-source.ts'
export type { FileSource, LoadedFile, LoadOptions } from './port/file-source.ts'
export type {
  Access,
  Attempt,
  CallRequest,
  EventSink,
  Gateway,
  LinkKind,
  OutgoingEvent,
  Refusal,
  SubscribeOptions,
  Subscription,
} from './port/gateway.ts'
export type { Journal, JournalEntry } from './port/journal.ts'
export type { LinkState } from './port/link-state.ts'
export type { Logger } from './port/logger.ts'
export type { LoginGuard } from './port/login-guard.ts'
export { mediaKey, mediaUri } from './port/media-store.ts'
export type { Media, MediaStore } from './port/media-store.ts'
export type { MessageStore, StoredMessage } from './port/message-store.ts'
export type { AccountStore, Forgotten, Store } from './port/store.ts'
