import { Suspense, lazy, useState } from 'react'
import type { ReactNode } from 'react'
import { needsLogin } from '../kit/api.ts'
import { connection } from '../kit/event-stream.ts'
import { Icon } from '../kit/icon.tsx'
import { language, useWords } from '../kit/language.ts'
import { lastPlace, navigate, pages, useRoute, writeRoute } from '../kit/route.ts'
import type { Page } from '../kit/route.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { useStore } from '../kit/store.ts'
import { theme } from '../kit/theme.ts'
import type { Theme } from '../kit/theme.ts'
import { kitWords } from '../kit/words.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { Login } from './login.tsx'
import { Toasts } from './toasts.tsx'
import { Unloaded } from './unloaded.tsx'
import { shellWords } from './words.ts'

/** Each page is loaded when it is first wanted. */
const views = {
  chat: lazyPage(async () => (await import('../chat/page.tsx')).ChatPage),
  inspector: lazyPage(async () => (await import('../inspector/page.tsx')).InspectorPage),
  playground: lazyPage(async () => (await import('../playground/page.tsx')).PlaygroundPage),
  links: lazyPage(async () => (await import('../links/page.tsx')).LinksPage),
} satisfies Record<Page, unknown>

function lazyPage(load: () => Promise<() => ReactNode>) {
  return lazy(async () => {
    try {
      return { default: await load() }
    } catch {
      return { default: Unloaded }
    }
  })
}

const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const themeIcons = { system: 'screen', light: 'sun', dark: 'moon' } as const

/** What is around every page. */
export function App() {
  const words = useWords(shellWords)
  const common = useWords(kitWords)
  const { page } = useRoute()
  const [helps, setHelps] = useState(false)
  useShortcut({ keys: '?', does: words.openHelp }, () => setHelps(true))
  const locked = useStore(needsLogin)
  const View = views[page]
  return (
    <div className="shell">
      <a className="skip" href="#content" onClick={focusContent}>
        {words.skip}
      </a>
      <nav className="nav" aria-label={words.navigation}>
        <span className="brand" aria-hidden="true">
          <img src={new URL('../style/icon.svg', import.meta.url).href} alt="" width="28" height="28" />
        </span>
        {pages.map((name, index) => (
          <NavLink key={name} page={name} current={name === page} number={index + 1} />
        ))}
        <span className="nav-gap" />
        <Connection />
        <Tools onHelp={() => setHelps(true)} />
      </nav>
      <div className="content" id="content" tabIndex={-1}>
        {locked ? (
          <Login />
        ) : (
          <ErrorBoundary key={page}>
            <Suspense fallback={<div className="blank">{common.loading}</div>}>
              <View />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
      <Toasts />
      {helps && <HelpDialog onClose={() => setHelps(false)} />}
    </div>
  )
}

/** The address holds where one is, so a link within the page moves the focus and not the address. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content')?.focus()
}

function NavLink({ page, current, number }: { page: Page; current: boolean; number: number }) {
  const words = useWords(shellWords)
  const title = words.pages[page]
  useShortcut({ keys: `g ${number}`, does: words.goTo(title) }, () => navigate(lastPlace(page)))
  return (
    <a className="nav-link" href={writeRoute(lastPlace(page))} aria-current={current ? 'page' : undefined}>
      <Icon name={page} size={20} />
      <span>{title}</span>
    </a>
  )
}

function Connection() {
  const words = useWords(shellWords)
  const state = useStore(connection)
  if (state === 'idle') return null
  return (
    <span className={`connection ${state}`} role="status" title={words.connection[state]}>
      <span className="dot" />
      <span className="connection-text">{words.connection[state]}</span>
    </span>
  )
}

function Tools({ onHelp }: { onHelp: () => void }) {
  const words = useWords(shellWords)
  const look = useStore(theme)
  const themeTitle = words.theme[look]
  return (
    <div className="nav-tools">
      <button
        type="button"
        className="icon-button"
        aria-label={themeTitle}
        title={themeTitle}
        onClick={() => theme.set(nextTheme[look])}
      >
        <Icon name={themeIcons[look]} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={words.switchLanguage}
        title={words.switchLanguage}
        onClick={() => language.set((before) => (before === 'zh' ? 'en' : 'zh'))}
      >
        <Icon name="language" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={words.help}
        title={`${words.help} (?)`}
        onClick={onHelp}
      >
        <Icon name="help" />
      </button>
    </div>
  )
}
