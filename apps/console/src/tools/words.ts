import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

/** The words of what the inspector, the playground and the links page share. */
export const toolWords = { en, zh }
