import type { GroupId, UserId } from '@seekyou/protocol'
import type { Image, Notice } from './document.ts'
import type { Network } from './network.ts'
import { checkRole, findMember, missing } from './rule.ts'
import type { World } from './world.ts'

/** Puts a notice on the board of a group, with a picture if `file` names one. */
export async function postNotice(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  text: string,
  file: string,
): Promise<Notice> {
  const { world } = network
  const check = () => checkRole(world, group_id, actor, 'admin', 'post notices')
  check()
  const images: readonly Image[] = file === '' ? [] : [await network.picture(file)]
  const pictures = await Promise.all(images.map((image) => network.pictureOf(image)))
  check()
  for (const image of images) world.put(image)
  const notice: Notice = {
    kind: 'notice',
    group_id,
    notice_id: `n${world.count('notice')}`,
    sender_id: actor,
    publish_time: network.now(),
    text,
    images: pictures,
  }
  world.put(notice)
  await network.world.saved()
  return notice
}

/** Takes a notice off the board. */
export async function removeNotice(network: Network, groupId: GroupId, actor: UserId, id: string): Promise<void> {
  const { world } = network
  checkRole(world, groupId, actor, 'admin', 'remove notices')
  const notice = world.find('notice', groupId, id)
  if (!notice) {
    return missing('NOTICE_NOT_FOUND', `the group ${groupId} has no notice ${JSON.stringify(id.slice(0, 40))}`)
  }
  world.remove(notice)
  await network.world.saved()
}

/** The notices of a group for one of its members, newest first. */
export function readNotices(world: World, groupId: GroupId, reader: UserId): readonly Notice[] {
  findMember(world, groupId, reader)
  return world.list('notice', groupId).toReversed()
}
