// The network
export { createSandbox } from './sandbox.ts'
export type { SandboxSetup } from './sandbox.ts'

// How it is set up
export { refuseTakenNumber, sandboxOptions } from './options.ts'
export type { SandboxOptions } from './options.ts'
export { numberProblem, worldFile } from './world-file.ts'
export type { WorldFile } from './world-file.ts'
