import * as z from 'zod'

/** What clients may name as a file. Units are in the descriptions. */
export const fileSourceOptions = z.strictObject({
  allowed_paths: z
    .array(z.string().min(1, { error: 'the path of a folder' }))
    .default([])
    .describe(
      'folders of this machine whose files clients may name as file:///…, or by path where an action takes one; ' +
        'none by default, besides what this server itself stored',
    ),
  allow_private_networks: z
    .boolean()
    .default(false)
    .describe('also fetch from addresses that are not of the public internet: this machine, home and company networks'),
  max_size: z.number().positive().max(1024).default(100).describe('MiB; the largest file that is loaded'),
  timeout: z.number().positive().max(3600).default(60).describe('seconds that one download may take altogether'),
})
export type FileSourceOptions = z.output<typeof fileSourceOptions>
