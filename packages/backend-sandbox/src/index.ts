// The network
export { createSandbox } from './create-sandbox.ts'
export type { SandboxSetup } from './create-sandbox.ts'

// How it is set up
export { refuseTakenNumber, sandboxOptions } from './options.ts'
export type { SandboxOptions } from './options.ts'
export { numberProblem, worldFile } from './world-file.ts'
export type { WorldFile } from './world-file.ts'
