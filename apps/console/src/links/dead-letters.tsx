import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { lineOf } from '../inspector/record-line.ts'
import { ask } from '../kit/api.ts'
import { Icon } from '../kit/icon.tsx'
import { formatTime, language, useWords } from '../kit/language.ts'
import { navigate, useRoute } from '../kit/route.ts'
import { useStore } from '../kit/store.ts'
import { attempt, toast } from '../kit/toast.ts'
import { JsonView } from '../tools/json-view.tsx'
import { Unread } from '../tools/unread.tsx'
import { linksQuery } from './link-status.ts'
import { linksWords } from './words.ts'

/** An event that a program refused, as `/inspect/dead_letters` lists it. */
interface DeadLetter {
  readonly link: string
  readonly seq: number
  /** When it was last refused, in milliseconds since 1970. */
  readonly at: number
  readonly tries: number
  readonly reason: string
  readonly event: Readonly<Record<string, unknown>>
}

const PAGE = 100
/** The server lists no more at once. */
const MOST = 1000

/** What bot programs refused, to be told again or discarded. */
export function DeadLetters() {
  const words = useWords(linksWords)
  const queries = useQueryClient()
  const { query } = useRoute()
  const link = query['link'] ?? ''
  const [limit, setLimit] = useState(PAGE)
  const { data: links = [] } = useQuery(linksQuery)
  const {
    data: letters,
    error,
    refetch,
  } = useQuery({
    queryKey: ['inspect', 'dead_letters', link, limit],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ limit: String(limit), ...(link !== '' && { link }) })
      return ask<readonly DeadLetter[]>(`inspect/dead_letters?${search}`, { signal })
    },
    refetchInterval: 4000,
  })
  const change = (path: string, body: object, said: (answer: { retried?: number }) => string): void =>
    void attempt(async () => {
      toast('done', said(await ask(`inspect/dead_letters/${path}`, { method: 'POST', body })))
      await queries.invalidateQueries({ queryKey: ['inspect'] })
    })
  const retry = (of: string, seq?: number): void =>
    change('retry', { link: of, ...(seq !== undefined && { seq }) }, ({ retried = 0 }) => words.retried(retried))
  const names = links.flatMap(({ name, dead_letters }) =>
    name !== null && (dead_letters > 0 || name === link) ? [name] : [],
  )
  return (
    <section className="links-section" aria-labelledby="letters-title">
      <h2 id="letters-title" className="visually-hidden">
        {words.tabs['dead-letters']}
      </h2>
      <p className="hint">{words.lettersHint}</p>
      {error && <Unread error={error} what={words.whatLetters} onRetry={() => void refetch()} />}
      {names.length > 0 && (
        <div className="row">
          <label className="row">
            <span>{words.ofLink}</span>
            <select
              value={link}
              onChange={({ target }) =>
                navigate(
                  { page: 'links', rest: 'dead-letters', query: target.value === '' ? {} : { link: target.value } },
                  { replace: true },
                )
              }
            >
              <option value="">{words.allLinks}</option>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          {(link === '' ? names : [link]).map((name) => (
            <button key={name} type="button" className="button" onClick={() => retry(name)}>
              <Icon name="refresh" size={14} />
              {words.retryAll(name)}
            </button>
          ))}
        </div>
      )}
      {letters?.length === 0 && <p>{words.noLetters}</p>}
      <ul className="letters">
        {letters?.map((letter) => (
          <Letter
            key={`${letter.link} ${letter.seq}`}
            letter={letter}
            onRetry={() => retry(letter.link, letter.seq)}
            onDiscard={() =>
              change('discard', { link: letter.link, seq: letter.seq }, () => words.discarded(letter.seq))
            }
          />
        ))}
      </ul>
      {letters && letters.length >= limit && limit < MOST && (
        <button type="button" className="button" onClick={() => setLimit((before) => Math.min(before + PAGE, MOST))}>
          {words.moreLetters}
        </button>
      )}
    </section>
  )
}

function Letter({ letter, onRetry, onDiscard }: { letter: DeadLetter; onRetry: () => void; onDiscard: () => void }) {
  const words = useWords(linksWords)
  const locale = useStore(language)
  const { link, seq, at, tries, reason, event } = letter
  const { name, about } = lineOf({ type: 'event', id: seq, at, seq, event })
  return (
    <li className="card letter">
      <div className="row">
        <strong>{words.letter(seq, link)}</strong>
        <span className="tag bad">{reason}</span>
        <span className="hint grow">
          {words.tries(tries)} · {formatTime(at, locale)}
        </span>
        <button type="button" className="button" aria-label={words.retryLetter(seq)} onClick={onRetry}>
          <Icon name="refresh" size={14} />
          {words.retry}
        </button>
        <button type="button" className="button danger" aria-label={words.discardLetter(seq)} onClick={onDiscard}>
          <Icon name="trash" size={14} />
          {words.discard}
        </button>
      </div>
      <details>
        <summary>
          <code>{name}</code> <span className="hint">{about}</span>
        </summary>
        <JsonView value={event} label={words.event} />
      </details>
    </li>
  )
}
