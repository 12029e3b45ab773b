import { actions, paramsSchema } from './action-schema.ts'
import { eventSchema, events } from './event-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { SchemaBook } from './schema-book.ts'

/** The schemas of everything that crosses the wire; each stands alone. */
export interface JsonSchemas {
  /** By action: what it takes as JSON, and what it answers as `data`. */
  readonly actions: Readonly<Record<string, { readonly params: JsonSchema; readonly data: JsonSchema }>>
  /** By event, such as `message.group` or `notice.notify.poke`. */
  readonly events: Readonly<Record<string, JsonSchema>>
}

/**
 * Writes the JSON Schema of every action and every event; the same text every time.
 * @see https://json-schema.org/draft/2020-12
 */
export function jsonSchemas(): JsonSchemas {
  return {
    actions: Object.fromEntries(
      [...actions].map(([name, action]) => [
        name,
        {
          params: alone(`${name}.params`, (book) => paramsSchema(book, action)),
          data: alone(`${name}.data`, (book) => book.output(action.data)),
        },
      ]),
    ),
    events: Object.fromEntries(
      [...events].map(([name, event]) => [name, alone(name, (book) => eventSchema(book, event))]),
    ),
  }
}

/** A schema with everything that it refers to inside it. */
function alone(title: string, write: (book: SchemaBook) => JsonSchema): JsonSchema {
  const book = new SchemaBook('#/$defs/')
  const schema = write(book)
  const named = book.schemas() as JsonSchema['$defs'] & {}
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...schema,
    ...(Object.keys(named).length > 0 && { $defs: named }),
  }
}
