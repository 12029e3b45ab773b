import { useEffect, useEffectEvent } from 'react'
import { createStore } from './store.ts'

export interface Shortcut {
  /** As `KeyboardEvent.key` says it, with `Ctrl+`, `Alt+` or `Shift+` in front; two with a blank between come in turn. */
  readonly keys: string
  /** What it does, in the language of the page. */
  readonly does: string
  /** Whether it works while someone types. */
  readonly whileTyping?: boolean
}

interface Registered extends Shortcut {
  readonly run: (event: KeyboardEvent) => void
}

/** What is registered now, for the dialog that shows it. */
export const shortcuts = createStore<readonly Registered[]>([])

/** How long the second key of two may take. */
const pauseMs = 1000
let first: { readonly key: string; readonly at: number } | undefined

/** Has keys do something as long as the component stands. */
export function useShortcut({ keys, does, whileTyping = false }: Shortcut, run: (event: KeyboardEvent) => void): void {
  const latest = useEffectEvent(run)
  useEffect(() => {
    const registered: Registered = { keys, does, whileTyping, run: (event) => latest(event) }
    shortcuts.set((before) => [...before, registered])
    return () => shortcuts.set((before) => before.filter((one) => one !== registered))
  }, [keys, does, whileTyping])
}

/** The key as shortcuts write it. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const { key } = event
  const named = key.length > 1 || key === ' '
  return [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    // A sign such as ? says itself that shift was held.
    event.shiftKey && named ? 'Shift+' : '',
    key === ' ' ? 'Space' : key,
  ].join('')
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Keys that a button, a link or a tab does something with itself when it has the focus. */
function isForControl(key: string, target: EventTarget | null): boolean {
  const isPress = key === 'Enter' || key === 'Space'
  return isPress && target instanceof Element && target.closest('button, a[href], summary, [role^="menuitem"]') !== null
}

/** Hears every key of the page; called once. */
export function hearShortcuts(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    const key = keyOf(event)
    if (isForControl(key, event.target)) return
    const typing = isTyping(event.target)
    const inDialog = document.querySelector('dialog[open]') !== null
    const pair = first && event.timeStamp - first.at < pauseMs ? `${first.key} ${key}` : undefined
    first = undefined
    // The component that stands innermost registered last.
    const open = shortcuts
      .get()
      .toReversed()
      .filter((one) => (!typing || one.whileTyping) && !inDialog)
    const found = open.find((one) => one.keys === pair) ?? open.find((one) => one.keys === key)
    if (found) {
      event.preventDefault()
      found.run(event)
    } else if (open.some((one) => one.keys.startsWith(`${key} `))) {
      first = { key, at: event.timeStamp }
    }
  })
}
