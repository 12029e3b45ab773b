import { type ArgumentKind, operators } from './operators.ts'

const text = { type: ['string', 'number', 'boolean', 'null'] } as const

const argumentSchemas = {
  rule: { $ref: '#/$defs/rule' },
  rules: { type: 'array', items: { $ref: '#/$defs/rule' } },
  value: true,
  'list-or-text': { type: ['array', 'string', 'number', 'boolean'] },
  text,
} as const satisfies { readonly [kind in ArgumentKind]: unknown }

/**
 * A JSON Schema (draft 2020-12) of the rule language, for editors and forms.
 *
 * It checks shapes and operator names; the syntax of paths and patterns is the compiler's business.
 * @see {@link https://json-schema.org/draft/2020-12 | JSON Schema}
 */
export const filterJsonSchema: { readonly [keyword: string]: unknown } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Event filter',
  $ref: '#/$defs/rule',
  $defs: {
    rule: {
      type: 'object',
      description: 'Clauses that must all be true; {} lets everything pass.',
      properties: Object.fromEntries(
        Object.entries(operators).map(([name, operator]) => [
          name,
          { description: operator.meaning, ...schemaOf(operator.argument) },
        ]),
      ),
      patternProperties: {
        '^[^.]': {
          description: 'A path into the event: an object of clauses, or what its text must equal.',
          anyOf: [{ $ref: '#/$defs/rule' }, { type: ['string', 'number', 'boolean', 'null', 'array'] }],
        },
      },
      additionalProperties: false,
    },
  },
}

function schemaOf(kind: ArgumentKind): object {
  const schema = argumentSchemas[kind]
  return schema === true ? {} : schema
}
