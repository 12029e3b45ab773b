import { ActionFailure } from '@seekyou/protocol'
import type { AccountStore, NetworkEvent, Seq } from '@seekyou/protocol'

/** An event in the journal, or in the dead letters of a link. @throws ActionFailure where it is in neither. */
export async function rememberedEvent(
  { journal, deadLetters }: Pick<AccountStore, 'journal' | 'deadLetters'>,
  seq: Seq,
  link?: string,
): Promise<NetworkEvent> {
  const [entry] = await journal.read(seq - 1, 1)
  if (entry?.seq === seq) return entry.event
  const [letter] = link === undefined ? [] : await deadLetters.list({ link, seq, limit: 1 })
  if (letter) return letter.event
  throw new ActionFailure('no-data', `there is no event ${seq} in the journal, or no more`)
}
