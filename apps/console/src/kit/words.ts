import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

/** The words of what every page uses. */
export const kitWords = { en, zh }
