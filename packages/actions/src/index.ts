// What there is
export { catalogue } from './catalogue.ts'
export type { ActionName, BackendActions, DataOf, ParamsOf } from './catalogue.ts'
export type { Action, ActionCall } from './action.ts'

// How it is done
export { attempt, invoke, perform, supportedActions } from './invoke.ts'
