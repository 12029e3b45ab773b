export { Account } from './account.ts'
export type { AccountSetup } from './account.ts'
export { accountOptions, linkOptions } from './options.ts'
export type { AccountOptions, LinkOptions } from './options.ts'
