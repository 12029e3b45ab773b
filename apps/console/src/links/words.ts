import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

/** The words of the links page. */
export const linksWords = { en, zh }
