import { useQuery, useQueryClient } from '@tanstack/react-query'
import { toneOfPhase } from '../inspector/record-look.ts'
import { ask } from '../kit/api.ts'
import { Icon } from '../kit/icon.tsx'
import { formatTime, language, useWords } from '../kit/language.ts'
import { writeRoute } from '../kit/route.ts'
import { useStore } from '../kit/store.ts'
import { attempt, toast } from '../kit/toast.ts'
import { Unread } from '../tools/unread.tsx'
import { linksQuery } from './link-status.ts'
import type { LinkStatus } from './link-status.ts'
import { linksWords } from './words.ts'

/** Every link with how it is doing. */
export function LinkList() {
  const words = useWords(linksWords)
  const { data: links, error, refetch } = useQuery(linksQuery)
  return (
    <section className="links-section" aria-labelledby="links-title">
      <h2 id="links-title">{words.links}</h2>
      {error && <Unread error={error} what={words.whatLinks} onRetry={() => void refetch()} />}
      {links?.length === 0 && (
        <div className="card">
          <p>{words.noLinks}</p>
          <p className="hint">{words.noLinksHint}</p>
        </div>
      )}
      {links && links.length > 0 && (
        <table className="links-table">
          <thead>
            <tr>
              {Object.entries(words.columns).map(([key, title]) => (
                <th key={key} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {links.map((link) => (
              <LinkRow key={link.id} link={link} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function LinkRow({ link }: { link: LinkStatus }) {
  const words = useWords(linksWords)
  const locale = useStore(language)
  const { columns } = words
  const { id, name, kind, lag, cursor, connections, retries = 0, dead_letters, last_written_at } = link
  return (
    <tr>
      <th scope="row" data-title={columns.link}>
        <a href={writeRoute({ page: 'inspector', query: { filter: `link:${id}` } })} title={words.inspect(id)}>
          {id}
        </a>
        <span className="hint">{[kind, name === null ? words.live : ''].filter(Boolean).join(' · ')}</span>
      </th>
      <td data-title={columns.state}>
        <State link={link} />
      </td>
      <td data-title={columns.lag}>
        <span className={lag > 0 ? 'tag warn' : ''}>{words.events(lag)}</span>
        <span className="hint">{words.cursor(cursor)}</span>
      </td>
      <td data-title={columns.last}>{last_written_at === null ? words.never : formatTime(last_written_at, locale)}</td>
      <td data-title={columns.connections}>
        <span>{words.times(connections)}</span>
        {retries > 0 && <span className="hint">{words.retries(retries)}</span>}
      </td>
      <td data-title={columns.letters}>
        {dead_letters > 0 ? (
          <a href={writeRoute({ page: 'links', rest: 'dead-letters', query: { link: id } })}>{dead_letters}</a>
        ) : (
          0
        )}
      </td>
      <td>
        <HoldButton link={link} />
      </td>
    </tr>
  )
}

function State({ link: { state, held, paused } }: { link: LinkStatus }) {
  const words = useWords(linksWords)
  const locale = useStore(language)
  const phase = state?.phase
  return (
    <>
      <span className="row">
        <span className={`tag ${phase ? toneOfPhase(phase) : ''}`}>
          {phase ? (words.phases[phase] ?? phase) : words.notConnected}
        </span>
        {held ? (
          <span className="tag warn">{words.held}</span>
        ) : (
          paused && <span className="tag">{words.catchingUp}</span>
        )}
      </span>
      {state && 'since' in state && <span className="hint">{words.since(formatTime(state.since, locale))}</span>}
      {state?.phase === 'waiting' && (
        <>
          <span className="link-error">{state.lastError}</span>
          <span className="hint">{words.nextTry(formatTime(state.nextTryAt, locale))}</span>
        </>
      )}
    </>
  )
}

function HoldButton({ link: { id, held } }: { link: LinkStatus }) {
  const words = useWords(linksWords)
  const queries = useQueryClient()
  const toggle = (): Promise<void | undefined> =>
    attempt(async () => {
      await ask(`inspect/links/${held ? 'resume' : 'pause'}`, { method: 'POST', body: { link: id } })
      toast('done', held ? words.resumed(id) : words.paused(id))
      await queries.invalidateQueries(linksQuery)
    })
  return (
    <button
      type="button"
      className="button"
      aria-label={held ? words.resumeLink(id) : words.pauseLink(id)}
      onClick={() => void toggle()}
    >
      <Icon name={held ? 'play' : 'pause'} size={14} />
      {held ? words.resume : words.pause}
    </button>
  )
}
