import { once, text } from '@seekyou/protocol'

const accepted = 'text of 1 to 255 characters, another one for every call'

/** What a caller may give a call so that it can be repeated without being done twice; see the hub. */
export const idempotencyKey = once(() =>
  text
    .refine((value) => value.length > 0 && value.length <= 255, { error: accepted })
    .meta({ minLength: 1, maxLength: 255 }),
)

/** The parameter of everything that sends. The hub takes it off: no handler ever sees it. */
export const repeatable = once(() => ({
  _idempotency_key: idempotencyKey()
    .optional()
    .describe('a call repeated with the same key within 10 minutes is done once and answered alike'),
}))
