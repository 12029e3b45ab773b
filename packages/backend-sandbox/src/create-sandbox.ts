import type { Backend } from '@seekyou/protocol'
import type * as z from 'zod'
import { sandboxOptions } from './options.ts'
import { createConfiguredSandbox } from './sandbox.ts'
import type { SandboxSurroundings } from './sandbox.ts'

/** Everything of `sandboxOptions` may be said, and what is no option. */
export type SandboxSetup = SandboxSurroundings & z.input<typeof sandboxOptions>

/**
 * A chat network in the same process: people, groups and the rules between them, kept in the account's own state.
 * The bot acts on it through `actions`, everyone else through `control`.
 */
export function createSandbox({ readWorld, random, ...options }: SandboxSetup): Backend {
  return createConfiguredSandbox(sandboxOptions.parse(options, { jitless: true }), { readWorld, random })
}
