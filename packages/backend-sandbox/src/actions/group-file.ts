import type { BackendActions } from '@seekyou/actions'
import type { Chat, GroupId } from '@seekyou/protocol'
import type { Folder, GroupFile } from '../document.ts'
import { busid } from '../file-message.ts'
import {
  fetchFile,
  listFolder,
  makeFolder,
  moveFile,
  readRoom,
  removeFile,
  removeFolder,
  renameFile,
  renameFolder,
  root,
} from '../group-file.ts'
import type { Network } from '../network.ts'
import { missing } from '../rule.ts'
import type { World } from '../world.ts'

/** Files of groups and files sent to people, as the bot handles them. */
export function createGroupFileActions(running: () => Network) {
  async function upload(chat: Chat, file: string, name: string, folder?: string) {
    const network = running()
    const { file_id } = await network.sendFile(network.world.bot, chat, { source: file, name, folder })
    return { file_id }
  }

  /** Does what only changes the world: there is nothing to tell. */
  async function change(work: (place: { readonly world: World; readonly now: number }) => void) {
    const network = running()
    work({ world: network.world, now: network.now() })
    await network.world.saved()
    return null
  }

  async function listing(groupId: GroupId, folderId: string) {
    const { world } = running()
    const { files, folders } = listFolder(world, groupId, world.bot, folderId)
    return {
      files: files.map((file) => fileInfo(world, file)),
      folders: folders.map((folder) => folderInfo(world, folder)),
    }
  }

  return {
    upload_group_file: ({ group_id, file, name, folder }) =>
      upload({ type: 'group', group_id }, file, name, folder || undefined),

    upload_private_file: ({ user_id, file, name }) => upload({ type: 'private', user_id }, file, name),

    async get_group_file_system_info({ group_id }) {
      const { world } = running()
      return { group_id, ...readRoom(world, group_id, world.bot) }
    },

    get_group_root_files: ({ group_id }) => listing(group_id, root),

    get_group_files_by_folder: ({ group_id, folder_id }) => listing(group_id, folder_id),

    async get_group_file_url({ group_id, file_id }) {
      const { world } = running()
      const url = fetchFile(world, group_id, world.bot, file_id)
      await world.saved()
      return { url }
    },

    async get_private_file_url({ file_id }) {
      const sent = running().world.find('sent-file', file_id)
      const quoted = JSON.stringify(file_id.slice(0, 60))
      return { url: sent?.url ?? missing('FILE_NOT_FOUND', `no file ${quoted} was sent in private`) }
    },

    async create_group_file_folder({ group_id, name, parent_id }) {
      const network = running()
      const { world } = network
      const { folder_id } = makeFolder(world, group_id, world.bot, { name, parent_id, now: network.now() })
      await world.saved()
      return { folder_id }
    },

    delete_group_folder: ({ group_id, folder_id }) =>
      change(({ world }) => removeFolder(world, group_id, world.bot, folder_id)),

    delete_group_file: ({ group_id, file_id }) =>
      change(({ world }) => removeFile(world, group_id, world.bot, file_id)),

    move_group_file: ({ group_id, file_id, target_directory }) =>
      change(({ world }) => moveFile(world, group_id, world.bot, file_id, target_directory)),

    rename_group_file: ({ group_id, file_id, new_name }) =>
      change(({ world, now }) => renameFile(world, group_id, world.bot, file_id, { name: new_name, now })),

    rename_group_file_folder: ({ group_id, folder_id, new_folder_name }) =>
      change(({ world }) => renameFolder(world, group_id, world.bot, folder_id, new_folder_name)),
  } satisfies BackendActions
}

function fileInfo(world: World, { group_id, file_id, name, size, uploader, ...file }: GroupFile) {
  const { upload_time, modify_time, download_times } = file
  return {
    group_id,
    file_id,
    file_name: name,
    busid,
    file_size: size,
    upload_time,
    dead_time: 0,
    modify_time,
    download_times,
    uploader,
    uploader_name: world.user(uploader)?.nickname ?? '',
  }
}

function folderInfo(world: World, { group_id, folder_id, name, creator, create_time }: Folder) {
  return {
    group_id,
    folder_id,
    folder_name: name,
    create_time,
    creator,
    creator_name: world.user(creator)?.nickname ?? '',
    total_file_count: world.list('file', group_id).filter((file) => file.folder_id === folder_id).length,
  }
}
