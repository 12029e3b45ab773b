import * as z from 'zod'
import { builtIn, isBuiltIn } from './default-world.ts'
import { numberProblem } from './world-file.ts'

/** What can be set of the sandbox. */
export const sandboxOptions = z.strictObject({
  self_id: z
    .int()
    .positive()
    .optional()
    .describe(
      'number of the account, which two bots of one process cannot share; absent: what the world says, 10000 in those built in',
    ),
  world: z
    .string({ error: '`default`, `empty` or the path of a world file' })
    .regex(/^(?:default|empty|.*[./\\].*)$/, { error: '`default`, `empty` or the path of a world file' })
    .default('default')
    .describe(
      'the world of a first start and after a reset: `default` with a few people and groups, `empty` with the bot alone, or the path of a world file (relative to this file); a file that has changed is applied at the next start',
    ),
  clock: z
    .enum(['real', 'virtual'])
    .default('real')
    .describe(
      'virtual: the time of the network begins on 2024-01-01 and moves only by the control verb `clock`; heartbeats, retries and delays stay on real time',
    ),
  seed: z
    .int()
    .min(0)
    .max(0xffff_ffff)
    .optional()
    .describe('makes dice and other draws repeat: a number from 0 to 4294967295; absent: they are by chance'),
  unsupported_segments: z
    .enum(['refuse', 'text', 'drop'])
    .default('refuse')
    .describe(
      'parts of a message of the bot that cannot be sent, such as an image that is nowhere: the send fails and says ' +
        'why, or they become text (their CQ codes), or they are left out',
    ),
  control: z
    .boolean()
    .default(true)
    .describe('whether people can be played through `/sandbox/…`; anyone who can call actions can do that'),
})

/** A bot cannot have the number of someone else in its world; what a world file says is looked at when it is read. */
export function refuseTakenNumber({ world, self_id }: SandboxOptions, context: z.RefinementCtx): void {
  if (self_id === undefined || !isBuiltIn(world)) return
  const message = numberProblem(builtIn[world], self_id)
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['self_id'], message, input: self_id })
}
export type SandboxOptions = z.output<typeof sandboxOptions>
