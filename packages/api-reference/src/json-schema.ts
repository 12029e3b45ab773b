import type * as z from 'zod'

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Which side of a schema is meant: what a client may send, or what it gets. */
export type Side = 'input' | 'output'
