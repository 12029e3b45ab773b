import * as z from 'zod'

/** What can be set of the sandbox. */
export const sandboxOptions = z.strictObject({
  world: z
    .enum(['default', 'empty'])
    .default('default')
    .describe(
      'the world of a first start and after a reset: `default` with a few people and groups, `empty` with the bot alone',
    ),
})
export type SandboxOptions = z.output<typeof sandboxOptions>
