import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'

/** An OpenAPI or AsyncAPI document, read for its schemas. */
export interface SchemaDocument {
  /** The validator of a schema whose references point into the document. */
  readonly compile: (schema: object) => ValidateFunction
  /** What a reference such as `#/components/schemas/UserId` stands for. */
  readonly resolve: (ref: string) => object
}

const HOME = 'https://document.test/'

export function readSchemaDocument(document: { readonly components: { readonly schemas: object } }): SchemaDocument {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
  ajv.addSchema({ $id: HOME, $defs: within(document.components.schemas) as object })
  const compiled = new Map<string, ValidateFunction>()
  return {
    compile(schema) {
      const text = JSON.stringify(within(schema))
      const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object)
      compiled.set(text, validate)
      return validate
    },
    resolve(ref) {
      const steps = ref.slice('#/'.length).split('/')
      return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as object
    },
  }
}

/** The same schema with its references pointing to where the components of the document are. */
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
