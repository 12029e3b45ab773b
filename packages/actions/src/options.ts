import * as z from 'zod'

const hosts = (what: string) =>
  z.array(z.string().min(1)).default([]).describe(`hosts that check_url_safely calls ${what}, all below them included`)

/** What the operator can say about actions that are done here. Units are in the descriptions. */
export const actionOptions = z.strictObject({
  rate_limit_interval: z
    .number()
    .min(0)
    .max(86_400)
    .default(0.5)
    .describe('seconds between the end of one call of _rate_limited and the start of the next'),
  safe_hosts: hosts('safe'),
  dangerous_hosts: hosts('dangerous'),
  ocr_languages: z
    .array(z.string().regex(/^\w{3,20}$/, { error: 'the code of a language, such as eng' }))
    .min(1)
    .default(['chi_sim', 'eng'])
    .describe('languages that ocr_image reads, as far as their packages @tesseract.js-data/… are installed'),
})
export type ActionOptions = z.output<typeof actionOptions>
