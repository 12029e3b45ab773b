import { createAsyncApi } from '@seekyou/api-reference'
import type { AsyncApiDocument, JsonSchema } from '@seekyou/api-reference'
import { fieldsOf, nameOf, prose, row, typeText } from './type-text.ts'

const kinds: Readonly<Record<string, string>> = {
  message: 'Messages',
  notice: 'Notices',
  request: 'Requests',
  meta_event: 'Meta events',
}

function kindOf(name: string): string {
  return name.split('.')[0] ?? name
}

/** The page of every event, written from the contract that the server serves. */
export function eventsPage(): string {
  const document = createAsyncApi({ version: '' })
  const names = Object.keys(document.components.messages).filter((name) => kindOf(name) in kinds)
  const byKind = Map.groupBy(names, kindOf)
  const { quick_operation: operation } = document.components.messages
  return [
    '---\noutline: [2, 3]\n---',
    '# Events',
    `${names.length} events, as the default dialect tells them; what others leave out or call otherwise stands in the
[table of the dialects](dialects.md). A running server serves the same as AsyncAPI 3.1 at \`/asyncapi.json\`.
Shapes are explained on the page of the [actions](actions.md#shapes). Further fields may come with any event.`,
    ...[...byKind].flatMap(([kind, inKind]) => [
      `## ${kinds[kind]}`,
      ...inKind.flatMap((name) => section(name, document)),
    ]),
    '## Quick operations',
    'What a webhook may answer, and what `.handle_quick_operation` takes:',
    ...(operation ? table(schemaOf(operation.payload, document)) : []),
    '',
  ].join('\n\n')
}

function section(name: string, document: AsyncApiDocument): readonly string[] {
  const { payload, examples = [] } = document.components.messages[name]!
  return [
    `### ${name}`,
    ...table(schemaOf(payload, document)),
    ...examples.slice(0, 1).map((example) => `\`\`\`json\n${JSON.stringify(example.payload)}\n\`\`\``),
  ]
}

function schemaOf(schema: JsonSchema, { components }: AsyncApiDocument): JsonSchema {
  const name = nameOf(schema)
  return (name === undefined ? undefined : components.schemas[name]) ?? schema
}

/** What stands in every event says nothing about this one. */
const inEveryEvent: ReadonlySet<string> = new Set(['time', 'self_id'])

function table(schema: JsonSchema): readonly string[] {
  const required = new Set(schema.required)
  const rows = fieldsOf(schema)
    .filter(([name]) => !inEveryEvent.has(name))
    .map(([name, field]) =>
      row(
        `\`${name}\``,
        typeText(field).replaceAll('](#', '](actions.md#'),
        required.has(name) ? '' : 'may be absent',
        prose(field.description ?? ''),
      ),
    )
  return [[row('field', 'type', '', 'meaning'), row('---', '---', '---', '---'), ...rows].join('\n')]
}
