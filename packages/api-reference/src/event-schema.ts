import { metaEvent, networkEvent } from '@seekyou/protocol'
import * as z from 'zod'
import type { JsonSchema } from './json-schema.ts'
import type { SchemaBook } from './schema-book.ts'

/** Every event by its name, such as `notice.notify.poke`, in the order of the standards. */
export const events: ReadonlyMap<string, z.core.$ZodObject> = new Map(
  [...variantsOf(networkEvent), ...variantsOf(metaEvent)].map((event) => [nameOf(event), event]),
)

function variantsOf(schema: z.core.$ZodType): readonly z.core.$ZodObject[] {
  const { def } = schema._zod
  if (def.type === 'object') return [schema as z.core.$ZodObject]
  if (def.type === 'union') return (def as z.core.$ZodUnionDef).options.flatMap((option) => variantsOf(option))
  if (def.type === 'lazy') return variantsOf((def as z.core.$ZodLazyDef).getter())
  throw new Error(`an event cannot be a ${def.type}`)
}

/** What an event calls itself, from `post_type` down, as far as only one word is possible. */
function nameOf(event: z.core.$ZodObject): string {
  const shape = event._zod.def.shape
  const kinds = ['post_type', 'message_type', 'notice_type', 'request_type', 'meta_event_type', 'sub_type']
  return kinds.flatMap((kind) => wordOf(shape[kind])).join('.')
}

function wordOf(schema: z.core.$ZodType | undefined): readonly string[] {
  if (!schema) return []
  const { values } = schema._zod
  // Said by the account itself or by others: both are messages.
  if (values?.has('message_sent')) return ['message']
  return values?.size === 1 ? [...values].map(String) : []
}

/** An event as a link gets it: a message in the form that the link asks for, with its text beside it. */
export function eventSchema(book: SchemaBook, event: z.core.$ZodObject): JsonSchema {
  const { message: content, ...rest } = event._zod.def.shape
  if (!content) return book.output(event)
  const schema = book.output(z.object(rest))
  return {
    ...schema,
    properties: {
      ...schema.properties,
      message: book.written('Message'),
      raw_message: { type: 'string', description: 'The message as text with CQ codes.' },
    },
    required: [...(schema.required ?? []), 'message', 'raw_message'],
  }
}
