import { segment } from '@seekyou/message'
import type { GroupId, MessageEvent, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { checkSpeech, findMember } from './rule.ts'

/**
 * Gives a red packet to a group, which all of it opens at once; `lucky` gets the most, by chance if nobody is named.
 * @returns the message, and who was lucky.
 */
export async function giveRedPacket(
  network: Network,
  group_id: GroupId,
  giver: UserId,
  title: string,
  lucky: UserId | undefined,
): Promise<{ readonly message: MessageEvent; readonly lucky: UserId }> {
  const { world } = network
  checkSpeech(world, giver, { type: 'group', group_id }, undefined, network.now())
  if (lucky !== undefined) findMember(world, group_id, lucky)
  const members = world.memberList(group_id)
  const target_id = lucky ?? members[Math.floor(network.random() * members.length)]!.user_id
  const content = { segments: [segment.redbag({ title })], documents: [] }
  const [message] = await Promise.all([
    network.post(giver, { type: 'group', group_id }, content),
    network.tell({
      post_type: 'notice',
      notice_type: 'notify',
      sub_type: 'lucky_king',
      group_id,
      user_id: giver,
      sender_id: giver,
      target_id,
    }),
  ])
  return { message, lucky: target_id }
}
