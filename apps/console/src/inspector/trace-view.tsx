import { useQuery } from '@tanstack/react-query'
import { ask } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { Unread } from '../tools/unread.tsx'
import { DeliveryLine } from './delivery-line.tsx'
import { lineOf } from './record-line.ts'
import { endingOf } from './record-look.ts'
import type { CallRecord, DeliveryRecord, TapRecord } from './tap-record.ts'
import type { Entry } from './timeline.ts'
import { inspectorWords } from './words.ts'

/** What followed from one event, as `/inspect/trace` tells it. */
interface Trace {
  readonly deliveries: readonly DeliveryRecord[]
  readonly calls: readonly (CallRecord & {
    /** How it is known that the call has to do with the event. */
    readonly relation: string
  })[]
}

/** One event, the links that were told, the calls that have to do with it and what these did. */
export function TraceView({
  seq,
  event,
  onChoose,
}: {
  seq: number
  /** An event by its number, if the page has it. */
  event: (seq: number) => Entry | undefined
  onChoose: (record: TapRecord) => void
}) {
  const words = useWords(inspectorWords)
  const {
    data: trace,
    error,
    refetch,
  } = useQuery({
    queryKey: ['inspect', 'trace', seq],
    queryFn: ({ signal }) => ask<Trace>(`inspect/trace?seq=${seq}`, { signal }),
    refetchInterval: 3000,
  })
  if (error) return <Unread error={error} what={words.whatTrace} onRetry={() => void refetch()} />
  if (!trace) return undefined
  const origin = event(seq)?.record
  return (
    <div className="trace">
      {origin && <Step record={origin} onChoose={onChoose} />}
      <ul>
        {newestByLink(trace.deliveries).map((delivery) => (
          <li key={delivery.id}>
            <DeliveryLine delivery={delivery} />
          </li>
        ))}
        {trace.deliveries.length === 0 && <li className="hint">{words.noDeliveries}</li>}
        {trace.calls.map((call) => (
          <li key={call.id}>
            <Step record={call} since={origin?.at} onChoose={onChoose} />
            <p className="hint">{words.relations[call.relation] ?? call.relation}</p>
            <Effects
              seqs={(call.events ?? []).filter((effect) => effect !== seq)}
              since={origin?.at}
              event={event}
              onChoose={onChoose}
            />
          </li>
        ))}
      </ul>
      {trace.calls.length === 0 && <p>{words.traceNothing}</p>}
      <p className="hint">{words.traceHint}</p>
    </div>
  )
}

/** Of each link the last that is known. */
function newestByLink(deliveries: readonly DeliveryRecord[]): readonly DeliveryRecord[] {
  return [...new Map(deliveries.map((delivery) => [delivery.link, delivery])).values()]
}

/** Events that tell of what a call did. */
function Effects({
  seqs,
  since,
  event,
  onChoose,
}: {
  seqs: readonly number[]
  since: number | undefined
  event: (seq: number) => Entry | undefined
  onChoose: (record: TapRecord) => void
}) {
  const effects = seqs.flatMap((seq) => event(seq)?.record ?? [])
  if (effects.length === 0) return undefined
  return (
    <ul>
      {effects.map((effect) => (
        <li key={effect.id}>
          <Step record={effect} since={since} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  )
}

function Step({
  record,
  since,
  onChoose,
}: {
  record: TapRecord
  since?: number | undefined
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
      {since !== undefined && record.at !== undefined && <span className="hint">{words.later(record.at - since)}</span>}
      <span className="step-about">{about}</span>
    </button>
  )
}
