import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { useWords } from './language.ts'
import { Icon } from './icon.tsx'
import { kitWords } from './words.ts'

/** A window over the page. The browser's own: it keeps the focus inside, and Escape closes it. */
export function Dialog({
  title,
  onClose,
  wide = false,
  children,
}: {
  title: string
  onClose: () => void
  wide?: boolean
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const words = useWords(kitWords)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onClose={onClose}
      onPointerDown={({ target, currentTarget, clientX, clientY }) => {
        // Beside it, which is where its backdrop is; a click might have begun within and ended there.
        const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
        const isWithin = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
        if (target === currentTarget && !isWithin) currentTarget.close()
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label={words.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
