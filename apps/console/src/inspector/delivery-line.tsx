import { useWords } from '../kit/language.ts'
import { lineOf } from './record-line.ts'
import { duration, endingOf } from './record-look.ts'
import type { DeliveryRecord } from './tap-record.ts'
import { inspectorWords } from './words.ts'

/** One delivery in a list of them. */
export function DeliveryLine({ delivery }: { delivery: DeliveryRecord }) {
  const words = useWords(inspectorWords)
  const ending = endingOf(delivery, words)
  return (
    <div className="delivery">
      <span className="delivery-link">{delivery.link}</span>
      <span className={`tag ${ending.tone}`}>{ending.text}</span>
      {delivery.is_replay && <span className="tag accent">{words.replayed}</span>}
      <span className="hint">
        {[
          [delivery.kind, delivery.dialect, delivery.format].filter(Boolean).join(' · '),
          delivery.ms === undefined ? '' : duration(delivery.ms),
          lineOf(delivery).about,
        ]
          .filter(Boolean)
          .join(' — ')}
      </span>
    </div>
  )
}
