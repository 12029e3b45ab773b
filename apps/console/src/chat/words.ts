import { useWords } from '../kit/language.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export const chatWords = { en, zh }

export type ChatWords = typeof en

export function useChatWords(): ChatWords {
  return useWords(chatWords)
}

/** How long something lasts, in its largest unit. */
export function durationIn({ time }: ChatWords, seconds: number): string {
  if (seconds < 60) return time.seconds(Math.max(1, Math.ceil(seconds)))
  if (seconds < 3600) return time.minutes(Math.ceil(seconds / 60))
  if (seconds < 86_400) return time.hours(Math.round(seconds / 360) / 10)
  return time.days(Math.round(seconds / 8640) / 10)
}
