// Loading
export { createConfiguredFileSource, createFileSource } from './file-source.ts'
export type { FileSourceSetup, FileSourceSurroundings } from './file-source.ts'

// Options
export { fileSourceOptions } from './options.ts'
export type { FileSourceOptions } from './options.ts'
