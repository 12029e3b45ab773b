// The network
export { createSandbox } from './sandbox.ts'

// How it is set up
export { sandboxOptions } from './options.ts'
export type { SandboxOptions } from './options.ts'
