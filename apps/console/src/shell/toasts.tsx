import { useEffect, useRef } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { useStore } from '../kit/store.ts'
import { dismiss, toasts } from '../kit/toast.ts'
import { shellWords } from './words.ts'

export function Toasts() {
  const words = useWords(shellWords)
  const shown = useStore(toasts)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What came last stands above, also above a dialog that is open.
    list.current?.hidePopover()
    if (shown.length > 0) list.current?.showPopover()
  }, [shown])
  return (
    <div ref={list} popover="manual" className="toasts" role="status" aria-live="polite" aria-label={words.messages}>
      {shown.map(({ id, kind, text }) => (
        <div key={id} className={`toast ${kind}`}>
          <span>{text}</span>
          <button type="button" className="icon-button" aria-label={words.dismiss} onClick={() => dismiss(id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  )
}
