import { useWords } from '../kit/language.ts'
import { useRoute, writeRoute } from '../kit/route.ts'
import { Configuration } from './configuration.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { LinkList } from './link-list.tsx'
import { MetricsPanel } from './metrics-panel.tsx'
import { ReadinessBanner } from './readiness.tsx'
import { Tokens } from './tokens.tsx'
import { linksWords } from './words.ts'
import '../tools/tools.css'
import './links.css'

/** The parts of the page, by what stands in the address; the first one is there where nothing does. */
const parts = {
  overview: () => (
    <>
      <ReadinessBanner />
      <LinkList />
      <MetricsPanel />
    </>
  ),
  'dead-letters': DeadLetters,
  tokens: Tokens,
  configuration: Configuration,
} as const

type Part = keyof typeof parts

/** How the server and its links are doing, and what an operator can do about it. */
export function LinksPage() {
  const words = useWords(linksWords)
  const { rest } = useRoute()
  const part: Part = Object.hasOwn(parts, rest) ? (rest as Part) : 'overview'
  const View = parts[part]
  return (
    <main className="links-page">
      <header className="links-head">
        <h1>{words.title}</h1>
        <nav className="links-tabs" aria-label={words.sections}>
          {(Object.keys(parts) as Part[]).map((name) => (
            <a
              key={name}
              href={writeRoute({ page: 'links', rest: name === 'overview' ? '' : name })}
              aria-current={name === part ? 'page' : undefined}
            >
              {words.tabs[name]}
            </a>
          ))}
        </nav>
      </header>
      <div className="links-body">
        <View />
      </div>
    </main>
  )
}
