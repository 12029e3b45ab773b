import { createStore } from './store.ts'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'failed'
  readonly text: string
}

export const toasts = createStore<readonly Toast[]>([])

const shownMs = 6000
let lastId = 0

/** Shows a sentence for a few seconds. */
export function toast(kind: Toast['kind'], text: string): void {
  const id = ++lastId
  // The same sentence twice says no more than once.
  toasts.set((before) => [...before.filter((one) => one.text !== text), { id, kind, text }].slice(-4))
  setTimeout(() => dismiss(id), shownMs)
}

export function dismiss(id: number): void {
  toasts.set((before) => before.filter((one) => one.id !== id))
}

/** Does it, and shows the reason in the words of the server when it fails; then the result is `undefined`. */
export async function attempt<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task()
  } catch (error) {
    toast('failed', error instanceof Error ? error.message : String(error))
    return undefined
  }
}
