import * as z from 'zod'

const DAY = 86_400

const seconds = (days: number, what: string) =>
  z
    .int()
    .min(0)
    .default(days * DAY)
    .describe(`seconds; ${what} (0: no bound)`)

const count = (most: number, what: string) =>
  z.int().min(0).default(most).describe(`${what}; the oldest beyond this are forgotten (0: no bound)`)

const size = (mib: number, what: string) => z.number().min(0).default(mib).describe(`MiB; ${what} (0: no bound)`)

/** How safe a write is when it is called safe, and how much is kept. Bounds are enforced in the background. */
export const storeOptions = z.strictObject({
  sync: z
    .enum(['normal', 'full'])
    .default('normal')
    .describe(
      'normal: a crash of the program loses nothing, a power cut may lose the last moments; ' +
        'full: a power cut loses nothing either, and every commit waits for the disk',
    ),
  strict: z
    .boolean()
    .default(false)
    .describe('refuse to start with a damaged database, instead of setting it aside and beginning a new one'),
  journal: z
    .strictObject({
      max_age: seconds(3, 'events older than this are forgotten'),
      max_count: count(500_000, 'events of one account'),
      max_size: size(512, 'JSON text of one account’s events; the oldest beyond this are forgotten'),
    })
    .prefault({}),
  messages: z
    .strictObject({
      max_age: seconds(365, 'messages stored longer ago than this are forgotten, also where the journal has them'),
      max_count: count(10_000_000, 'messages of all accounts'),
      max_size: size(8192, 'JSON text of all messages; the oldest beyond this are forgotten'),
    })
    .prefault({}),
  media: z
    .strictObject({
      max_age: seconds(90, 'files stored longer ago than this are removed'),
      max_count: count(1_000_000, 'files'),
      max_size: size(4096, 'all files together; the oldest beyond this are removed'),
    })
    .prefault({}),
  dead_letters: z
    .strictObject({
      max_age: seconds(30, 'events that were refused longer ago than this are forgotten'),
      max_count: count(10_000, 'refused events of all links'),
    })
    .prefault({}),
})
export type StoreOptions = z.output<typeof storeOptions>
