import type { JsonSchema } from '@seekyou/api-reference'

/** The name that a reference ends in. */
export function nameOf(schema: JsonSchema): string | undefined {
  return schema.$ref?.split('/').at(-1)
}

/** The fields of an object, in order. */
export function fieldsOf(schema: JsonSchema): readonly (readonly [name: string, field: JsonSchema])[] {
  return Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>)
}

/** What a param of such a name takes, for people: its schema spells out every text that stands for a number. */
const plainNames: Readonly<Record<string, string>> = {
  BooleanParam: 'boolean',
  DiscussIdParam: 'id',
  GroupIdParam: 'id',
  GuildScopedIdParam: 'guild id',
  GuildScopedIdsParam: 'guild ids',
  Integer: 'integer',
  IntegerParam: 'integer',
  MessageIdParam: 'message id',
  TextParam: 'text',
  UserIdParam: 'id',
  DiscussId: 'id',
  GroupId: 'id',
  GuildScopedId: 'guild id',
  MessageId: 'message id',
  UserId: 'id',
}

/** A type in a few words of Markdown: `id`, `"ban" \| "lift_ban"`, `list of [Segment](#segment)`. */
export function typeText(schema: JsonSchema): string {
  const name = nameOf(schema)
  if (name !== undefined) {
    const shown = name.replace(/Param$/, '')
    return plainNames[name] ?? `[${shown}](#${shown.toLowerCase()})`
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' \\| ')
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) {
    const texts = new Set(alternatives.map(typeText))
    // A number that may also come as its digits is a number to who reads.
    if (texts.has('integer') || texts.has('number')) texts.delete('text')
    return [...texts].join(' \\| ')
  }
  const types = [schema.type ?? 'any'].flat().map((type) => (type === 'string' ? 'text' : type))
  if (types.includes('array')) return `list of ${schema.items ? typeText(schema.items as JsonSchema) : 'any'}`
  return types.join(' \\| ')
}

/** One row of a table: what stands between bars must not hold one. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Text of a schema, safe between tags and bars. */
export function prose(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;')
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll('\n', ' ')
}
