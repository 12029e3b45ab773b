import { useSyncExternalStore } from 'react'

/** A value that is shared, and told of when it changes. */
export interface Store<T> {
  readonly get: () => T
  readonly set: (next: T | ((before: T) => T)) => void
  /** Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      const after = typeof next === 'function' ? (next as (before: T) => T)(value) : next
      if (Object.is(after, value)) return
      value = after
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A store whose value outlives the page; `read` takes what was stored, and anything else, to a value. */
export function createStoredStore<T>(key: string, read: (stored: unknown) => T): Store<T> {
  const store = createStore(read(readStored(key)))
  store.subscribe(() => {
    try {
      localStorage.setItem(`seekyou.${key}`, JSON.stringify(store.get()))
    } catch {
      // A browser that keeps nothing for us forgets it, no more.
    }
  })
  return store
}

function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`seekyou.${key}`) ?? 'null')
  } catch {
    return null
  }
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get)
}
