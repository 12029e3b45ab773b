import { isAbsent } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { kitWords } from '../kit/words.ts'
import { toolWords } from './words.ts'

/** What stands in place of something that could not be read: that the server does not have it, or what went wrong. */
export function Unread({ error, what, onRetry }: { error: Error; what: string; onRetry?: () => void }) {
  const words = useWords(toolWords)
  const common = useWords(kitWords)
  if (isAbsent(error)) return <p className="hint absent">{words.absent(what)}</p>
  return (
    <div className="problem row" role="alert">
      <span className="grow">
        {words.failed} {error.message}
      </span>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {common.retry}
        </button>
      )}
    </div>
  )
}
