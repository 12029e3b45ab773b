// Loading
export { createFileSource } from './file-source.ts'
export type { FileSourceSetup } from './file-source.ts'

// Options
export { fileSourceOptions } from './options.ts'
export type { FileSourceOptions } from './options.ts'
