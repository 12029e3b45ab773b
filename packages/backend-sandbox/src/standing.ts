import type { GroupId, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { checkBytes, checkRole, findActor, findManageable, findMember, refuse, titleOf } from './rule.ts'

/* What a member is in a group: role, card, title. */

/** Makes a member an admin, or an admin a plain member. */
export async function setAdmin(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  user_id: UserId,
  isAdmin: boolean,
): Promise<void> {
  const { world } = network
  checkRole(world, group_id, actor, 'owner', 'make and unmake admins')
  const member = findMember(world, group_id, user_id)
  if (member.role === 'owner') refuse('NOT_MANAGEABLE', 'the owner of a group is above its admins and cannot be one')
  const role = isAdmin ? 'admin' : 'member'
  if (member.role === role) return
  world.put({ ...member, role })
  const sub_type = isAdmin ? 'set' : 'unset'
  await network.tell({ post_type: 'notice', notice_type: 'group_admin', sub_type, group_id, user_id })
}

/** Gives a member another name in a group; everyone may name themselves. Empty: none. */
export async function setCard(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  user_id: UserId,
  card: string,
): Promise<void> {
  const { world } = network
  const member =
    actor === user_id
      ? findActor(world, group_id, actor)
      : findManageable(world, group_id, actor, user_id, 'change the card of')
  checkBytes(card, 60, 'CARD_TOO_LONG', 'a card')
  if (member.card === card) return
  world.put({ ...member, card })
  const cards = { card_new: card, card_old: member.card }
  await network.tell({ post_type: 'notice', notice_type: 'group_card', group_id, user_id, ...cards })
}

/** Gives a member a title, for some seconds or, with -1, for good. Empty: none. */
export async function setTitle(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  user_id: UserId,
  title: string,
  duration: number,
): Promise<void> {
  const { world } = network
  checkRole(world, group_id, actor, 'owner', 'give titles')
  const member = findMember(world, group_id, user_id)
  checkBytes(title, 18, 'TITLE_TOO_LONG', 'a title')
  const now = network.now()
  const title_expire_time = duration > 0 && title !== '' ? now + duration : 0
  if (member.title === title && member.title_expire_time === title_expire_time) return
  const isNews = titleOf(member, now) !== title
  world.put({ ...member, title, title_expire_time })
  if (isNews)
    await network.tell({ post_type: 'notice', notice_type: 'notify', sub_type: 'title', group_id, user_id, title })
  else await network.world.saved()
}
