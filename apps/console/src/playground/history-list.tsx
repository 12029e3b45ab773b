import { Icon } from '../kit/icon.tsx'
import { formatTime, language, useWords } from '../kit/language.ts'
import { writeRoute } from '../kit/route.ts'
import { useStore } from '../kit/store.ts'
import { duration } from '../inspector/record-look.ts'
import { sentCalls } from './history.ts'
import { playgroundWords } from './words.ts'

/** What was sent from this browser, to have it in the form again. */
export function History() {
  const words = useWords(playgroundWords)
  const locale = useStore(language)
  const calls = useStore(sentCalls)
  if (calls.length === 0) return undefined
  return (
    <section className="history" aria-label={words.history}>
      <div className="row">
        <h3>{words.history}</h3>
        <span className="hint grow">{words.historyHint}</span>
        <button type="button" className="chip" onClick={() => sentCalls.set([])}>
          <Icon name="trash" size={12} /> {words.forget}
        </button>
      </div>
      <ul>
        {calls.map(({ at, name, params, status, retcode, ms }) => (
          <li key={at}>
            <a href={writeRoute({ page: 'playground', rest: name, query: { params: JSON.stringify(params) } })}>
              <span className="hint">{formatTime(at, locale)}</span>
              <span className="history-name">{name}</span>
              <span className="history-params">{JSON.stringify(params)}</span>
              <span className={`tag ${retcode === 0 || retcode === 1 ? 'good' : 'bad'}`}>{retcode ?? status}</span>
              <span className="hint history-ms">{duration(ms)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
