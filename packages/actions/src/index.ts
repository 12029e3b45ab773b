// What there is
export { catalogue, chapters } from './catalogue.ts'
export type { ActionName, BackendActions, DataOf, ParamsOf } from './catalogue.ts'
export type { Action, ActionCall, Generation } from './action.ts'

// How it is done
export { attempt, invoke, perform, supportedActions } from './invoke.ts'

// For what else takes params off the wire
export { readParams } from './invoke.ts'
export { withMessage } from './message-param.ts'
