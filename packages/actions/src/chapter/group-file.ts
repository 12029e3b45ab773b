import { groupId, integer, mediaKey, once, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { onlyExtended, onlyGoCqhttp } from '../generation.ts'
import { optionalId } from '../optional-id.ts'
import { nothing } from '../result.ts'
import { filledText } from '../scalar.ts'

/** A file of a group; size in bytes, times in seconds since 1970, `dead_time` 0 for one that stays. */
const file = once(() =>
  z.object({
    group_id: groupId,
    file_id: z.string(),
    file_name: z.string(),
    busid: z.int(),
    file_size: z.int(),
    upload_time: z.int(),
    dead_time: z.int(),
    modify_time: z.int(),
    download_times: z.int(),
    uploader: userId,
    uploader_name: z.string(),
  }),
)

/** A folder of a group. */
const folder = once(() =>
  z.object({
    group_id: groupId,
    folder_id: z.string(),
    folder_name: z.string(),
    create_time: z.int(),
    creator: userId,
    creator_name: z.string(),
    total_file_count: z.int(),
  }),
)

const listing = once(() => z.object({ files: z.array(file()), folders: z.array(folder()) }))

const listingExample = {
  files: [
    {
      group_id: 20001,
      file_id: '/f1',
      file_name: '课表.pdf',
      busid: 102,
      file_size: 1024,
      upload_time: 1_700_000_000,
      dead_time: 0,
      modify_time: 1_700_000_000,
      download_times: 3,
      uploader: 10001,
      uploader_name: '小明',
    },
  ],
  folders: [
    {
      group_id: 20001,
      folder_id: '/d1',
      folder_name: '作业',
      create_time: 1_700_000_000,
      creator: 10001,
      creator_name: '小明',
      total_file_count: 2,
    },
  ],
}

const busid = once(() => integer.default(0).describe('the `busid` of the file; networks that have none do without'))
const source = once(() => filledText.describe('a file of this server, such as download_file gives, or `base64://…`'))
const aliases = { bus_id: 'busid' }
const aFile = once(() => ({ group_id: groupId, file_id: filledText, busid: busid() }))
const aFileExample = once(() => ({ group_id: 20001, file_id: '/f1', busid: 102 }))
const parent = once(() => text.default('/').describe('the folder it is in; `/` is the root'))

/** What an upload answers; `null` where the network tells no id. */
const uploaded = once(() => z.object({ file_id: z.string() }).nullable())

/** A file that lies here has the address it can be fetched at right now. */
function fetchable({ url }: { readonly url: string }, call: ActionCall) {
  const key = mediaKey(url)
  return { url: key === undefined ? url : call.mediaUrl(key) }
}

/** Files of groups, and files sent to people. */
export const groupFileActions = {
  upload_group_file: defineAction({
    summary: 'Puts a file into a group.',
    params: () =>
      z.object({
        group_id: groupId,
        file: source(),
        name: filledText.describe('what it is called there'),
        folder: text.default('').describe('the id of a folder; empty: the root'),
      }),
    aliases: { folder_id: 'folder' },
    data: () => uploaded(),
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001, file: '/tmp/a.pdf', name: '课表.pdf' }, data: { file_id: '/f1' } },
  }),

  upload_private_file: defineAction({
    summary: 'Sends a file to a person.',
    params: () => z.object({ user_id: userId, file: source(), name: filledText.describe('what it is called there') }),
    data: () => uploaded(),
    generations: onlyGoCqhttp,
    example: { params: { user_id: 10001, file: '/tmp/a.pdf', name: '课表.pdf' }, data: { file_id: '/f2' } },
  }),

  get_group_file_system_info: defineAction({
    summary: 'Tells how much room the files of a group have; in bytes.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.object({
        group_id: groupId,
        file_count: z.int(),
        limit_count: z.int(),
        used_space: z.int(),
        total_space: z.int(),
      }),
    generations: onlyGoCqhttp,
    example: {
      params: { group_id: 20001 },
      data: { group_id: 20001, file_count: 1, limit_count: 10_000, used_space: 1024, total_space: 10_737_418_240 },
    },
  }),

  get_group_root_files: defineAction({
    summary: 'Lists the files and folders of a group.',
    params: () => z.object({ group_id: groupId }),
    data: () => listing(),
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001 }, data: listingExample },
  }),

  get_group_files_by_folder: defineAction({
    summary: 'Lists what is in a folder of a group.',
    params: () => z.object({ group_id: groupId, folder_id: filledText }),
    aliases: { folder: 'folder_id' },
    data: () => listing(),
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001, folder_id: '/d1' }, data: { files: listingExample.files, folders: [] } },
  }),

  get_group_file_url: defineAction({
    summary: 'Tells where a file of a group can be fetched.',
    params: () => z.object(aFile()),
    aliases,
    data: () => z.object({ url: z.string() }),
    generations: onlyGoCqhttp,
    example: { params: aFileExample(), data: { url: 'http://127.0.0.1:5700/data/f1' } },
    run: async (params, call, ask) => fetchable(await ask(params), call),
    needs: ['get_group_file_url'],
  }),

  get_private_file_url: defineAction({
    summary: 'Tells where a file that a person sent can be fetched.',
    params: () => z.object({ file_id: filledText, user_id: optionalId(userId) }),
    data: () => z.object({ url: z.string() }),
    generations: onlyExtended,
    example: { params: { file_id: '/f2' }, data: { url: 'http://127.0.0.1:5700/data/f2' } },
    run: async (params, call, ask) => fetchable(await ask(params), call),
    needs: ['get_private_file_url'],
  }),

  create_group_file_folder: defineAction({
    summary: 'Makes a folder in a group; answers null where the network tells no id.',
    params: () => z.object({ group_id: groupId, name: filledText, parent_id: parent() }),
    aliases: { folder_name: 'name', folder_id: 'parent_id' },
    data: () => z.object({ folder_id: z.string() }).nullable(),
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001, name: '作业' }, data: { folder_id: '/d1' } },
  }),

  delete_group_folder: defineAction({
    summary: 'Removes a folder of a group.',
    alsoCalled: ['delete_group_file_folder'],
    params: () => z.object({ group_id: groupId, folder_id: filledText }),
    aliases: { folder: 'folder_id' },
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { group_id: 20001, folder_id: '/d1' }, data: null },
  }),

  delete_group_file: defineAction({
    summary: 'Removes a file of a group.',
    params: () => z.object(aFile()),
    aliases,
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: aFileExample(), data: null },
  }),

  move_group_file: defineAction({
    summary: 'Moves a file of a group to another folder.',
    params: () =>
      z.object({
        group_id: groupId,
        file_id: filledText,
        parent_directory: parent(),
        target_directory: filledText.describe('the folder it goes to; `/` is the root'),
      }),
    aliases: {
      current_parent_directory: 'parent_directory',
      parent_folder_id: 'parent_directory',
      target_parent_directory: 'target_directory',
      target_folder_id: 'target_directory',
    },
    data: nothing,
    generations: onlyExtended,
    example: { params: { group_id: 20001, file_id: '/f1', target_directory: '/d1' }, data: null },
  }),

  rename_group_file: defineAction({
    summary: 'Renames a file of a group.',
    params: () =>
      z.object({
        group_id: groupId,
        file_id: filledText,
        parent_directory: parent(),
        new_name: filledText,
      }),
    aliases: { current_parent_directory: 'parent_directory' },
    data: nothing,
    generations: onlyExtended,
    example: { params: { group_id: 20001, file_id: '/f1', new_name: '新课表.pdf' }, data: null },
  }),

  rename_group_file_folder: defineAction({
    summary: 'Renames a folder of a group.',
    params: () => z.object({ group_id: groupId, folder_id: filledText, new_folder_name: filledText }),
    aliases: { new_name: 'new_folder_name' },
    data: nothing,
    generations: onlyExtended,
    example: { params: { group_id: 20001, folder_id: '/d1', new_folder_name: '旧作业' }, data: null },
  }),
}
