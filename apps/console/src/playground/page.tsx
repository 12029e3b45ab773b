import { useQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { useRoute, writeRoute } from '../kit/route.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { kitWords } from '../kit/words.ts'
import { asyncApiQuery, openApiQuery, targetOf } from '../tools/contract-query.ts'
import { Unread } from '../tools/unread.tsx'
import { CallForm } from './call-form.tsx'
import { callablesOf, eventShapesOf, searchCallables } from './contract.ts'
import type { Callable, EventShape, OpenApi } from './contract.ts'
import { EventForm } from './event-form.tsx'
import { History } from './history-list.tsx'
import { playgroundWords } from './words.ts'
import '../tools/tools.css'
import './playground.css'

/** What an address begins with that names an event. */
const EVENT = 'event/'

/** Every action and every event, to try them out. */
export function PlaygroundPage() {
  const words = useWords(playgroundWords)
  const common = useWords(kitWords)
  const { data: contract, error, refetch } = useQuery(openApiQuery)
  if (error) {
    return (
      <main className="blank">
        <h1>{words.title}</h1>
        <Unread error={error} what={words.what} onRetry={() => void refetch()} />
      </main>
    )
  }
  return contract ? <Playground contract={contract} /> : <main className="blank">{common.loading}</main>
}

function Playground({ contract }: { contract: OpenApi }) {
  const words = useWords(playgroundWords)
  const { rest } = useRoute()
  return (
    <main className={rest === '' ? 'playground' : 'playground has-choice'}>
      <h1 className="visually-hidden">{words.title}</h1>
      <List contract={contract} chosen={rest} />
      <div className="playground-main">
        <a className="button back-to-list" href={writeRoute({ page: 'playground' })}>
          <Icon name="back" size={14} />
          {words.back}
        </a>
        <Choice contract={contract} chosen={rest} />
        <History />
      </div>
    </main>
  )
}

function Choice({ contract, chosen }: { contract: OpenApi; chosen: string }) {
  const words = useWords(playgroundWords)
  const { query } = useRoute()
  const { data: events } = useQuery({ ...asyncApiQuery, enabled: chosen.startsWith(EVENT) })
  const target = targetOf(contract)
  if (chosen.startsWith(EVENT)) {
    const shape = events && eventShapesOf(events).find(({ name }) => name === chosen.slice(EVENT.length))
    const canEmit = '/sandbox/emit' in contract.paths
    return shape && <EventForm key={shape.name} shape={shape} target={target} canEmit={canEmit} />
  }
  const callable = [...callablesOf(contract).values()].flat().find(({ name }) => name === chosen)
  if (!callable) return <p className="blank playground-empty">{words.choose}</p>
  const { params } = query
  const place = `${chosen}?${params ?? ''}`
  return (
    <CallForm
      key={place}
      place={place}
      callable={callable}
      schemas={contract.components.schemas}
      target={target}
      given={readGiven(params)}
    />
  )
}

/** Params that the address brings along, as a link from the inspector does. */
function readGiven(text = '{}'): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function List({ contract, chosen }: { contract: OpenApi; chosen: string }) {
  const words = useWords(playgroundWords)
  const [tab, setTab] = useState<'actions' | 'events'>(chosen.startsWith(EVENT) ? 'events' : 'actions')
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  useShortcut({ keys: '/', does: words.shortcuts.search }, () => search.current?.focus())
  return (
    <nav className="playground-list" aria-label={words.list}>
      <div className="playground-search">
        <div className="row" role="group" aria-label={words.list}>
          {(['actions', 'events'] as const).map((name) => (
            <button key={name} type="button" className="chip" aria-pressed={tab === name} onClick={() => setTab(name)}>
              {words.tabs[name]}
            </button>
          ))}
        </div>
        <input
          ref={search}
          type="search"
          aria-label={words.search}
          placeholder={words.searchPlaceholder}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {tab === 'actions' ? (
        <ActionList contract={contract} text={text} chosen={chosen} />
      ) : (
        <EventList text={text} chosen={chosen} />
      )}
    </nav>
  )
}

function ActionList({ contract, text, chosen }: { contract: OpenApi; text: string; chosen: string }) {
  const words = useWords(playgroundWords)
  const chapters = [...callablesOf(contract)]
    .map(([chapter, callables]): [string, readonly Callable[]] => [chapter, searchCallables(callables, text)])
    .filter(([, found]) => found.length > 0)
  return (
    <div className="playground-chapters">
      {chapters.length === 0 && <p className="hint">{words.noMatch}</p>}
      {chapters.map(([chapter, callables]) => (
        <section key={chapter}>
          <h2>{words.chapters[chapter] ?? chapter}</h2>
          <ul>
            {callables.map(({ name, summary, isSupported }) => (
              <Item key={name} to={name} isChosen={name === chosen} title={summary} isDimmed={!isSupported}>
                {name.replace('sandbox/', '')}
              </Item>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function EventList({ text, chosen }: { text: string; chosen: string }) {
  const words = useWords(playgroundWords)
  const { data: contract, error, refetch } = useQuery(asyncApiQuery)
  if (error) return <Unread error={error} what={words.whatEvents} onRetry={() => void refetch()} />
  const shapes = (contract ? eventShapesOf(contract) : []).filter(({ name }) => name.includes(text.toLowerCase()))
  const types = Map.groupBy(shapes, ({ name }) => name.slice(0, name.indexOf('.')))
  return (
    <div className="playground-chapters">
      {contract && shapes.length === 0 && <p className="hint">{words.noMatch}</p>}
      {[...types].map(([type, ofType]: [string, EventShape[]]) => (
        <section key={type}>
          <h2>{words.chapters[type] ?? type}</h2>
          <ul>
            {ofType.map(({ name }) => (
              <Item key={name} to={`${EVENT}${name}`} isChosen={`${EVENT}${name}` === chosen}>
                {name}
              </Item>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Item({
  to,
  isChosen,
  title,
  isDimmed = false,
  children,
}: {
  to: string
  isChosen: boolean
  title?: string
  isDimmed?: boolean
  children: string
}) {
  // Who comes by an address sees in the list where that is.
  const show = useCallback(
    (element: HTMLAnchorElement | null) => {
      if (isChosen) element?.scrollIntoView({ block: 'nearest' })
    },
    [isChosen],
  )
  return (
    <li>
      <a
        ref={show}
        href={writeRoute({ page: 'playground', rest: to })}
        aria-current={isChosen ? 'true' : undefined}
        title={title}
        className={isDimmed ? 'dimmed' : undefined}
      >
        {children}
      </a>
    </li>
  )
}
