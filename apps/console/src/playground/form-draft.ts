import { useEffect, useState } from 'react'

/** As much is remembered: what was looked at last. */
const MOST = 100

/** What stands in the forms of this page that are not looked at just now, by where they are. */
const drafts = new Map<string, unknown>()

/**
 * A state as `useState` has it, which is found again by who comes back to `place` while the page is open. It is kept in
 * memory only, since somebody may have typed a secret.
 */
export function useDraft<Value>(place: string, start: () => Value) {
  const [value, setValue] = useState(() => (drafts.has(place) ? (drafts.get(place) as Value) : start()))
  useEffect(() => {
    drafts.delete(place)
    drafts.set(place, value)
    const [oldest] = drafts.keys()
    if (drafts.size > MOST && oldest !== undefined) drafts.delete(oldest)
  }, [place, value])
  return [value, setValue] as const
}
