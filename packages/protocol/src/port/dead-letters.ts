import type { NetworkEvent } from '../event/event.ts'
import type { Seq } from '../ids.ts'

/** An event that a named link's program refused until the link went on without it. */
export interface DeadLetter {
  readonly link: string
  /** Its place in the journal, which may have forgotten it since. */
  readonly seq: Seq
  /** When it was last refused, in milliseconds since 1970. */
  readonly at: number
  /** How often it was refused. */
  readonly tries: number
  /** What the program said, such as `it answered 400`. */
  readonly reason: string
  readonly event: NetworkEvent
}

/** Which of the letters: all, or those of one link, or one of them. */
export interface DeadLetterQuery {
  readonly link?: string
  readonly seq?: Seq
  /** Those after this one in the order of the list. */
  readonly after?: Pick<DeadLetter, 'link' | 'seq'>
  readonly limit: number
}

/** What one account's links went on without. Writes follow the rule of the journal: those of one turn commit together. */
export interface DeadLetters {
  /** Keeps a letter; one of the same link and seq is replaced. */
  put(letter: DeadLetter): Promise<void>
  /** By link, and oldest first. */
  list(query: DeadLetterQuery): Promise<readonly DeadLetter[]>
  /** How many there are of each link that has any. */
  count(): Promise<ReadonlyMap<string, number>>
  /** False when there is no such letter. */
  remove(link: string, seq: Seq): Promise<boolean>
}
