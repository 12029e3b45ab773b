import { chatKey } from '@seekyou/protocol'
import type { Chat } from '@seekyou/protocol'
import type { Network } from './network.ts'

/* How far the bot has read its chats. Nobody is told; whoever owns the network can see it. */

/** Notes that a chat was read up to a message, or up to the last one; what was read stays read. */
export async function markRead(network: Network, chat: Chat, upTo?: number): Promise<void> {
  const { world } = network
  mark(network, chatKey(chat), upTo ?? world.log(chat).last_seq)
  await world.saved()
}

/** Notes that everything was read. */
export async function markAllRead(network: Network): Promise<void> {
  const { world } = network
  for (const { chat, last_seq } of world.list('log')) mark(network, chat, last_seq)
  await world.saved()
}

function mark({ world }: Network, chat: string, message_seq: number): void {
  if (message_seq <= (world.find('read', chat)?.message_seq ?? 0)) return
  world.put({ kind: 'read', chat, message_seq })
}
