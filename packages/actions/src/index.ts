// What there is
export { catalogue, chapters } from './catalogue.ts'
export type { ActionName, BackendActions, DataOf, ParamsOf, SourceOf } from './catalogue.ts'
export type { Action, ActionCall, ActionGuard, GuardedStep } from './action.ts'
export type { Generation } from './generation.ts'

// How it is done
export { idempotencyKey } from './idempotency-key.ts'
export { PacedQueue } from './paced-queue.ts'
export { Workbench } from './workbench.ts'
export { actionNamed, attempt, invoke, perform, supportedActions } from './invoke.ts'

// What params refer to
export { storedMessage } from './stored-message.ts'

// Bundles of messages
export { nodeSegments, withoutBundle } from './forward-node.ts'
export type { ForwardNode } from './forward-node.ts'

// For what else takes params off the wire
export { readParams } from './invoke.ts'
export { withMessage } from './message-param.ts'
export { withNodes } from './forward-node.ts'

// Options
export { actionOptions } from './options.ts'
export type { ActionOptions } from './options.ts'
