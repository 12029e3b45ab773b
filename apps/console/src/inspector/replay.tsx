import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ask } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { attempt, toast } from '../kit/toast.ts'
import { linksQuery } from '../links/link-status.ts'
import { inspectorWords } from './words.ts'

/** Tells an event once more to a link of one's choice. */
export function Replay({ seq, link }: { seq: number; link?: string }) {
  const words = useWords(inspectorWords)
  const id = useId()
  const { data: links = [] } = useQuery(linksQuery)
  const [chosen, setChosen] = useState(link)
  const target = links.some((one) => one.id === chosen) ? chosen : links[0]?.id
  const [isBusy, setBusy] = useState(false)
  const replay = async (): Promise<void> => {
    if (target === undefined) return
    setBusy(true)
    await attempt(async () => {
      await ask('inspect/replay', { method: 'POST', body: { seq, link: target } })
      toast('done', words.replayed_to(target))
    })
    setBusy(false)
  }
  if (links.length === 0) return <p className="hint">{words.noLinks}</p>
  return (
    <form
      className="replay row"
      onSubmit={(event) => {
        event.preventDefault()
        void replay()
      }}
    >
      <label htmlFor={id}>{words.replay}</label>
      <select id={id} value={target} onChange={(event) => setChosen(event.target.value)}>
        {links.map((one) => (
          <option key={one.id} value={one.id}>
            {one.id}
          </option>
        ))}
      </select>
      <button type="submit" className="button" disabled={isBusy}>
        {words.replayButton}
      </button>
    </form>
  )
}
