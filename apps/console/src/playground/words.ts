import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

/** The words of the playground. */
export const playgroundWords = { en, zh }

export type PlaygroundWords = typeof en
