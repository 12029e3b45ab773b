import { createOpenApi } from '@seekyou/api-reference'
import type { JsonSchema, OpenApiDocument } from '@seekyou/api-reference'
import { fieldsOf, prose, row, typeText } from './type-text.ts'

interface ActionOperation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly [string]
}

/** The page of every action, chapter by chapter, written from the contract that the server serves. */
export function actionsPage(): string {
  const document = createOpenApi({ version: '' })
  const operations = Object.values(document.paths).map(({ post }) => post as unknown as ActionOperation)
  const byChapter = Map.groupBy(operations, ({ tags: [chapter] }) => chapter)
  const tags = document['tags'] as readonly { readonly name: string; readonly description: string }[]
  const chapters = tags.flatMap(({ name, description }) => {
    const inChapter = byChapter.get(name) ?? []
    return inChapter.length === 0
      ? []
      : [`## ${titleOf(name)}`, description, ...inChapter.flatMap((operation) => section(operation, document))]
  })
  return [
    '---\noutline: [2, 3]\n---',
    '# Actions',
    `${operations.length} actions. A running server shows the same at \`/docs\`, where each can be tried, and as OpenAPI 3.1 at
\`/openapi.json\`. What the words below mean on the wire:`,
    [
      '- **id**: a JSON integer above 0, or its decimal digits as text; answers have integers.',
      '- **guild id**: decimal digits as text, since they do not fit a number; an integer is taken as well.',
      '- **boolean**: `true`, `false`, `0`, `1`, or `yes`, `no`, `true`, `false` as text in any case.',
      '- **integer**: an integer, an integral float, or decimal digits as text.',
      '- Params that an action does not know are ignored; `null` means absent.',
      '- Any action that sends takes `_idempotency_key` as well: a call repeated with the same key within 10 minutes is done once.',
    ].join('\n'),
    ...chapters,
    '## Shapes',
    ...shapes(document),
    '',
  ].join('\n\n')
}

function titleOf(chapter: string): string {
  return chapter[0]!.toUpperCase() + chapter.slice(1).replaceAll('-', ' ')
}

function section(operation: ActionOperation, { components, paths }: OpenApiDocument): readonly string[] {
  const { operationId: name, summary, description } = operation
  const params = components.schemas[`${name}.params`]
  const data = components.schemas[`${name}.data`]
  const example = exampleOf(paths[`/${name}`])
  return [
    `### ${name}`,
    prose(summary),
    description,
    ...(params ? table(params, 'param', 'It takes no params.') : []),
    ...(data ? answerOf(data) : []),
    ...(example === undefined ? [] : [`\`\`\`json\n${JSON.stringify({ action: name, params: example })}\n\`\`\``]),
  ]
}

function exampleOf(path: OpenApiDocument['paths'][string] | undefined): unknown {
  const content = path?.post.requestBody?.content['application/json']
  const examples: { readonly call?: { readonly value?: unknown } } | undefined = content?.examples
  return examples?.call?.value
}

function answerOf(data: JsonSchema): readonly string[] {
  if (data.properties) return table(data, 'field of `data`', 'Its `data` is an empty object.')
  return [`Its \`data\`: ${typeText(data)}`]
}

function table(schema: JsonSchema, what: string, none: string): readonly string[] {
  const fields = fieldsOf(schema).filter(([name, field]) => name !== '_idempotency_key' && field.deprecated !== true)
  if (fields.length === 0) return [none]
  const required = new Set([...(schema.required ?? []), ...(schema.allOf ?? []).flatMap(firstOfEither)])
  const isParam = what === 'param'
  const rows = fields.map(([name, field]) => {
    const asked = required.has(name)
      ? 'required'
      : field.default === undefined
        ? ''
        : `\`${JSON.stringify(field.default)}\``
    const about = prose(field.description ?? '')
    return isParam ? row(`\`${name}\``, typeText(field), asked, about) : row(`\`${name}\``, typeText(field), about)
  })
  const head = isParam ? row(what, 'type', 'default', 'meaning') : row(what, 'type', 'meaning')
  return [[head, isParam ? row('---', '---', '---', '---') : row('---', '---', '---'), ...rows].join('\n')]
}

/** Where one of several names must be there, the first is the one that is documented. */
function firstOfEither({ anyOf = [] }: JsonSchema): readonly string[] {
  return anyOf[0]?.required?.slice(0, 1) ?? []
}

const messageShapes = [
  '### Message',
  `Params take text with CQ codes, an array of segments, or one segment. Answers have what the link asks for with
\`message_format\`: text with CQ codes, or an array of segments.`,
  '### Segment',
  `\`{ "type": "at", "data": { "qq": "10001" } }\`: [its types and their data](segments.md). A type that is not among them is
passed on as it is.`,
  '### Nodes',
  'The messages of a bundle, 1 to 200: a list of segments of type `node`, or one of them.',
] as const

function shapes({ components }: OpenApiDocument): readonly string[] {
  const bundled = ['ForwardedMessage', 'ForwardedNode'].flatMap((name) => {
    const schema = components.schemas[name]
    if (!schema) throw new Error(`the contract has no ${name}`)
    return [`### ${name}`, ...table(schema, 'field', 'It has no fields.')]
  })
  return [...messageShapes, ...bundled]
}
