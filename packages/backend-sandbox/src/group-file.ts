import type { GroupId, UserId } from '@seekyou/protocol'
import type { Folder, GroupFile } from './document.ts'
import { checkBytes, checkRole, findActor, findMember, missing, refuse } from './rule.ts'
import type { World } from './world.ts'

/* The files of a group: in its root or in folders, which hold no folders themselves. */

/** Where files lie that lie in no folder. */
export const root = '/'

/** How many files a group can have, and how many bytes altogether. */
const room = { files: 10_000, bytes: 10 * 1024 ** 3 }

/** How much room there is for files in a group, and how much of it is used. */
export function readRoom(world: World, groupId: GroupId, actor: UserId) {
  findMember(world, groupId, actor)
  const files = world.list('file', groupId)
  const used_space = files.reduce((sum, { size }) => sum + size, 0)
  return { file_count: files.length, limit_count: room.files, used_space, total_space: room.bytes }
}

/** Whether a file may be put into a folder of a group. */
export function checkRoom(world: World, groupId: GroupId, actor: UserId, folderId: string, size: number): void {
  const { file_count, used_space } = readRoom(world, groupId, actor)
  if (folderId !== root) findFolder(world, groupId, folderId)
  if (file_count >= room.files) {
    refuse('FILE_COUNT_LIMIT', `the group ${groupId} has ${room.files} files, which is all it can have; delete some`)
  }
  if (used_space + size > room.bytes) {
    const left = room.bytes - used_space
    refuse('FILE_SPACE_LIMIT', `the files of the group ${groupId} have ${left} bytes left, this one has ${size}`)
  }
}

export function checkFileName(name: string): void {
  if (name.trim() === '' || /[/\\\0\r\n]/.test(name)) {
    refuse('BAD_FILE_NAME', 'the name of a file or a folder is not empty and holds no slash and no line break')
  }
  checkBytes(name, 255, 'FILE_NAME_TOO_LONG', 'the name of a file or a folder')
}

function findFile(world: World, groupId: GroupId, fileId: string, actor: UserId): GroupFile {
  findMember(world, groupId, actor)
  const file = world.find('file', groupId, fileId)
  if (file) return file
  return missing('FILE_NOT_FOUND', `the group ${groupId} has no file ${JSON.stringify(fileId.slice(0, 60))}`)
}

function findFolder(world: World, groupId: GroupId, folderId: string): Folder {
  const folder = world.find('folder', groupId, folderId)
  if (folder) return folder
  return missing('FOLDER_NOT_FOUND', `the group ${groupId} has no folder ${JSON.stringify(folderId.slice(0, 60))}`)
}

/** What lies in a folder, or in the root. */
export function listFolder(world: World, groupId: GroupId, actor: UserId, folderId: string) {
  findMember(world, groupId, actor)
  if (folderId !== root) findFolder(world, groupId, folderId)
  const files = world.list('file', groupId).filter(({ folder_id }) => folder_id === folderId)
  return { files, folders: folderId === root ? world.list('folder', groupId) : [] }
}

/** Makes a folder in the root. */
export function makeFolder(
  world: World,
  group_id: GroupId,
  creator: UserId,
  { name, parent_id, now }: { readonly name: string; readonly parent_id: string; readonly now: number },
): Folder {
  checkRole(world, group_id, creator, 'admin', 'make folders')
  if (parent_id !== root) refuse('FOLDER_TOO_DEEP', 'folders are made in the root only, which is /')
  checkFolderName(world, group_id, name)
  const folder_id = `/d${world.count('folder')}`
  const folder: Folder = { kind: 'folder', group_id, folder_id, name, creator, create_time: now }
  world.put(folder)
  return folder
}

export function renameFolder(world: World, groupId: GroupId, actor: UserId, folderId: string, name: string): void {
  checkRole(world, groupId, actor, 'admin', 'rename folders')
  const folder = findFolder(world, groupId, folderId)
  if (folder.name === name) return
  checkFolderName(world, groupId, name)
  world.put({ ...folder, name })
}

/** Removes a folder and what is in it. */
export function removeFolder(world: World, groupId: GroupId, actor: UserId, folderId: string): void {
  checkRole(world, groupId, actor, 'admin', 'remove folders')
  const folder = findFolder(world, groupId, folderId)
  for (const file of listFolder(world, groupId, actor, folderId).files) world.remove(file)
  world.remove(folder)
}

export function removeFile(world: World, groupId: GroupId, actor: UserId, fileId: string): void {
  world.remove(findOwnFile(world, groupId, actor, fileId, 'remove files of others'))
}

export function renameFile(
  world: World,
  groupId: GroupId,
  actor: UserId,
  fileId: string,
  { name, now }: { readonly name: string; readonly now: number },
): void {
  const file = findOwnFile(world, groupId, actor, fileId, 'rename files of others')
  checkFileName(name)
  world.put({ ...file, name, modify_time: now })
}

export function moveFile(world: World, groupId: GroupId, actor: UserId, fileId: string, folderId: string): void {
  const file = findOwnFile(world, groupId, actor, fileId, 'move files of others')
  if (folderId !== root) findFolder(world, groupId, folderId)
  world.put({ ...file, folder_id: folderId })
}

/** Where a file can be fetched; counts that it was asked for. */
export function fetchFile(world: World, groupId: GroupId, actor: UserId, fileId: string): string {
  const file = findFile(world, groupId, fileId, actor)
  world.put({ ...file, download_times: file.download_times + 1 })
  return file.url
}

/** A file that one may change: one's own, or with a role any. */
function findOwnFile(world: World, groupId: GroupId, actor: UserId, fileId: string, what: string): GroupFile {
  findActor(world, groupId, actor)
  const file = findFile(world, groupId, fileId, actor)
  if (file.uploader !== actor) checkRole(world, groupId, actor, 'admin', what)
  return file
}

function checkFolderName(world: World, groupId: GroupId, name: string): void {
  checkFileName(name)
  if (world.list('folder', groupId).some((folder) => folder.name === name)) {
    refuse('FOLDER_EXISTS', `the group ${groupId} has a folder of this name already`)
  }
}
