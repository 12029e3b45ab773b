import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

/** The words of the inspector. */
export const inspectorWords = { en, zh }

export type InspectorWords = typeof en
