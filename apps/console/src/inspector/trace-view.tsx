import { useWords } from '../kit/language.ts'
import { DeliveryLine } from './delivery-line.tsx'
import { lineOf } from './record-line.ts'
import { endingOf } from './record-look.ts'
import type { TapRecord } from './tap-record.ts'
import type { Entry } from './timeline.ts'
import { traceOf } from './trace.ts'
import { inspectorWords } from './words.ts'

/** One event, the links that were told, the calls that followed and what these did. */
export function TraceView({
  seq,
  entries,
  onChoose,
}: {
  seq: number
  entries: () => Iterable<Entry>
  onChoose: (record: TapRecord) => void
}) {
  const words = useWords(inspectorWords)
  const trace = traceOf(entries(), seq)
  if (!trace) return <p className="hint">{words.noMatch}</p>
  const { event, deliveries, calls } = trace
  return (
    <div className="trace">
      <Step record={event} onChoose={onChoose} />
      <ul>
        {deliveries.map((delivery) => (
          <li key={delivery.id}>
            <DeliveryLine delivery={delivery} />
          </li>
        ))}
        {deliveries.length === 0 && <li className="hint">{words.noDeliveries}</li>}
        {calls.map(({ call, reason, effects }) => (
          <li key={call.id}>
            <Step record={call} since={event.at} onChoose={onChoose} />
            <p className="hint">{words.reasons[reason]}</p>
            {effects.length > 0 && (
              <ul>
                {effects.map((effect) => (
                  <li key={effect.id}>
                    <Step record={effect} since={event.at} onChoose={onChoose} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {calls.length === 0 && <p>{words.traceNothing}</p>}
      <p className="hint">{words.traceHint}</p>
    </div>
  )
}

function Step({
  record,
  since,
  onChoose,
}: {
  record: Exclude<TapRecord, { type: 'gap' }>
  since?: number
  onChoose: (record: TapRecord) => void
}) {
  const words = useWords(inspectorWords)
  const { name, about } = lineOf(record)
  const ending = endingOf(record, words)
  return (
    <button type="button" className="step" onClick={() => onChoose(record)}>
      <span className="step-name">
        {words.types[record.type]} {name}
      </span>
      {ending.text !== '' && <span className={`tag ${ending.tone}`}>{ending.text}</span>}
      {since !== undefined && <span className="hint">{words.later(record.at - since)}</span>}
      <span className="step-about">{about}</span>
    </button>
  )
}
