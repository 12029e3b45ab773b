/** The newest of what was added, oldest first; what does not fit any more is given back. */
export interface Ring<T> extends Iterable<T> {
  readonly length: number
  /** Adds one and gives back the one that had to go for it. */
  push(item: T): T | undefined
  /** The one at this place, 0 being the oldest; a negative place counts from the newest. */
  at(index: number): T | undefined
  clear(): void
}

/** An empty ring for so many things. */
export function createRing<T>(capacity: number): Ring<T> {
  let items: T[] = []
  /** Where the oldest is, once the ring is full. */
  let head = 0
  return {
    get length() {
      return items.length
    },
    push(item) {
      if (items.length < capacity) {
        items.push(item)
        return undefined
      }
      const gone = items[head]
      items[head] = item
      head = (head + 1) % capacity
      return gone
    },
    at(index) {
      const place = index < 0 ? items.length + index : index
      return place < 0 || place >= items.length ? undefined : items[(head + place) % items.length]
    },
    clear() {
      items = []
      head = 0
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < items.length; index++) yield items[(head + index) % items.length]!
    },
  }
}
