/** What an operator takes, in the words of an error message. */
export const argumentKinds = {
  rule: 'an object of clauses',
  rules: 'an array of objects of clauses',
  value: 'any JSON value',
  'list-or-text': 'an array of values, or a string, number or boolean to look inside',
  text: 'a string, number, boolean or null',
} as const

/** The kinds of argument, by name. */
export type ArgumentKind = keyof typeof argumentKinds

/**
 * Every operator of the language, with what it takes and when it is true.
 *
 * The parser, the JSON Schema and the table of the README follow this one.
 */
export const operators = {
  '.not': { argument: 'rule', meaning: 'the clauses inside are not all true; `{}` inside blocks everything' },
  '.and': { argument: 'rule', meaning: 'the clauses inside are all true' },
  '.or': { argument: 'rules', meaning: 'one of the rules is true; `[]` is false' },
  '.eq': { argument: 'value', meaning: 'the texts are equal; `null` and `""` are true of a missing value' },
  '.neq': { argument: 'value', meaning: 'the texts differ' },
  '.in': {
    argument: 'list-or-text',
    meaning:
      'an array: the text equals one element; else the text is a part of the argument, so a missing value is in any',
  },
  '.contains': { argument: 'text', meaning: 'the argument is a part of the text' },
  '.regex': { argument: 'text', meaning: 'the RE2 pattern matches somewhere in the text' },
} as const satisfies { readonly [name: `.${string}`]: { readonly argument: ArgumentKind; readonly meaning: string } }

/** The name of an operator. */
export type FilterOperator = keyof typeof operators

/** The names of all operators, as an error message lists them. */
export const operatorNames = Object.keys(operators) as FilterOperator[]

/** Whether a key of a rule names an operator. */
export function isOperator(key: string): key is FilterOperator {
  return Object.hasOwn(operators, key)
}
