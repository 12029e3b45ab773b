import { createStoredStore, useStore } from './store.ts'

export type Language = 'en' | 'zh'

/** The language of the page: the one that was chosen last, else the browser's. */
export const language = createStoredStore<Language>('language', (stored) =>
  stored === 'en' || stored === 'zh' ? stored : navigator.language.startsWith('zh') ? 'zh' : 'en',
)

/** Has the document say its language, from now on. */
export function markLanguage(): void {
  const mark = (): void => {
    document.documentElement.lang = language.get() === 'zh' ? 'zh-CN' : 'en'
  }
  language.subscribe(mark)
  mark()
}

/** The words of one area of the page in each language; the tables have the same keys, or it is a type error. */
export type Words<Table> = Readonly<Record<Language, Table>>

/** The words of an area in the language of the page. */
export function useWords<Table>(words: Words<Table>): Table {
  return words[useStore(language)]
}

/** A time of the day, with the date where it is not today. */
export function formatTime(ms: number, locale: Language): string {
  const at = new Date(ms)
  const isToday = at.toDateString() === new Date().toDateString()
  return at.toLocaleString(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(!isToday && { month: 'short', day: 'numeric' }),
  })
}
