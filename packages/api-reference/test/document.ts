import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'

/** A document as a client reads it: whatever JSON does not carry is gone. */
export function published<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document
}

/** Compiles schemas of a document, whose references point to its components. */
export function compiler(document: {
  readonly components: { readonly schemas: object }
}): (schema: object) => ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
  ajv.addSchema({ $id: HOME, $defs: within(document.components.schemas) as object })
  const compiled = new Map<string, ValidateFunction>()
  return (schema) => {
    const text = JSON.stringify(within(schema))
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object)
    compiled.set(text, validate)
    return validate
  }
}

const HOME = 'https://document.test/'

/** The same schema with its references pointing to where its components are. */
function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace('#/components/schemas/', `${HOME}#/$defs/`)]
        : [key, within(inner)],
    ),
  )
}
