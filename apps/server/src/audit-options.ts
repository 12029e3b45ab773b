import * as z from 'zod'

/** How large the audit log may become. */
export const auditOptions = z.strictObject({
  max_size: z
    .number()
    .positive()
    .default(10)
    .describe('MiB; a larger audit.log is put aside as audit.log.1, and so on'),
  max_files: z.int().min(1).max(100).default(5).describe('how many of them are kept, the one in use included'),
})
export type AuditOptions = z.output<typeof auditOptions>
