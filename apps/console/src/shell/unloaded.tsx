import { request } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { attempt } from '../kit/toast.ts'
import { kitWords } from '../kit/words.ts'
import { shellWords } from './words.ts'

/** Stands in place of a page whose files did not come. A browser asks for them again only as the page begins anew. */
export function Unloaded() {
  const words = useWords(shellWords)
  const common = useWords(kitWords)
  return (
    <div className="blank" role="alert">
      <h1>{words.unloaded}</h1>
      <p className="hint">{words.unloadedHint}</p>
      <button type="button" className="button" onClick={() => void attempt(beginAnew)}>
        {common.retry}
      </button>
    </div>
  )
}

/** Begins the page anew where it stands, if the server is there: without it nothing would be left. */
async function beginAnew(): Promise<void> {
  await request('healthz')
  location.reload()
}
