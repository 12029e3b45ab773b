import type { NetworkEvent } from '@seekyou/protocol'

/** An event as it is written down. */
export interface EventText {
  readonly json: string
  readonly bytes: number
  /** Whether this very text was written as a message, in the batch that is being written. */
  isStored: boolean
}

/** Makes the text of an event once for whoever writes it down in the same turn: the messages and the journal. */
export class EventTexts {
  #event: NetworkEvent | undefined
  #text: EventText | undefined

  of(event: NetworkEvent): EventText {
    if (this.#text && this.#event === event) return this.#text
    const json = JSON.stringify(event)
    this.#event = event
    this.#text = { json, bytes: Buffer.byteLength(json), isStored: false }
    return this.#text
  }
}
