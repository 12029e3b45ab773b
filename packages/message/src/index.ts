// The model
export { isSegment } from './segment.ts'
export type { Segment, SegmentOf, SegmentValue } from './segment.ts'
export type { SegmentType } from './segment-type.ts'
export { segment } from './segment-builder.ts'
export type { SegmentInput } from './segment-builder.ts'

// Reading and writing messages
export { MessageInputError, readMessage } from './message-input.ts'
export type { ReadMessageOptions } from './message-input.ts'
export { renderMessage } from './render.ts'
export type { MessageFormat } from './render.ts'
export { summarize } from './summary.ts'
export { mergeText } from './text-merge.ts'

// CQ codes
export { decodeCqCode, encodeCqCode } from './cq-code.ts'
export { escapeText, escapeValue, unescape } from './escape.ts'
