// Opening
export { openConfiguredStore, openStore } from './store.ts'
export type { StoreSetup } from './store.ts'
export { StoreUnavailable } from './store-unavailable.ts'

// Options
export { storeOptions } from './options.ts'
export type { StoreOptions } from './options.ts'
