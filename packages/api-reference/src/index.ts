// The contract
export { createOpenApi } from './open-api.ts'
export type { OpenApiDocument, OpenApiOptions, Operation, PathItem, RouteContract } from './open-api.ts'
export { createAsyncApi } from './async-api.ts'
export type { AsyncApiDocument, AsyncApiOptions } from './async-api.ts'
export { jsonSchemas } from './json-schemas.ts'
export type { JsonSchemas } from './json-schemas.ts'
export type { JsonSchema } from './json-schema.ts'
