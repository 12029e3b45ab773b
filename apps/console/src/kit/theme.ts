import { createStoredStore } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'

/** How the page looks: as the system says, or as was chosen. */
export const theme = createStoredStore<Theme>('theme', (stored) =>
  stored === 'light' || stored === 'dark' ? stored : 'system',
)

/** Has the document look as was chosen, from now on. */
export function applyTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = theme.get()
  }
  theme.subscribe(apply)
  apply()
}
