import type { Segment } from '@seekyou/message'
import { ActionFailure, isFileLocation, mediaUri } from '@seekyou/protocol'
import type { BackendHost, Chat, UserId } from '@seekyou/protocol'
import type { Content } from './content.ts'
import type { GroupFile, SentFile } from './document.ts'
import { checkFileName, checkRoom, root } from './group-file.ts'
import { missing } from './rule.ts'
import type { World } from './world.ts'

/** The number that networks give the storage of group files. */
export const busid = 102

/** A file that is here and is about to be sent. */
export interface Upload {
  readonly name: string
  readonly size: number
  /** A `media:` URI. */
  readonly url: string
}

/**
 * Reads what names a file to be sent, the first of `sources` that does: the location of a file, the id of a file that
 * was sent before, or the key of stored media. An empty `name` is the one the file has.
 */
export async function readUpload(
  sources: readonly string[],
  name: string,
  world: World,
  host: Pick<BackendHost, 'files' | 'media'>,
  options: { readonly isPathAllowed?: boolean } = {},
): Promise<Upload> {
  for (const source of sources) {
    const found = (await findUpload(source, world, host)) ?? (await loadUpload(source, host, options))
    if (!found) continue
    const upload = { ...found, name: name || found.name }
    checkFileName(upload.name)
    return upload
  }
  return missing(
    'FILE_NOT_FOUND',
    `there is no file ${JSON.stringify(sources[0]?.slice(0, 60) ?? '')} in this network; a file is base64://…, http(s)://…, file:///… or an id received`,
  )
}

async function findUpload(
  source: string,
  world: World,
  { media }: Pick<BackendHost, 'media'>,
): Promise<Upload | undefined> {
  const sent = findSentFile(world, source)
  if (sent) return { name: sent.name, size: sent.size, url: sent.url }
  const seen = world.image(source.toLowerCase()) ?? world.clip(source.toLowerCase())
  const key = /^(?:media:)?([0-9a-f]{64})$/.exec(seen?.url ?? source)?.[1]
  const stored = key === undefined ? undefined : await media.get(key)
  return stored && { name: seen?.name ?? stored.key, size: stored.size, url: mediaUri(stored.key) }
}

/** The file that an id is of, sent to a person or to a group that the bot is in. */
export function findSentFile(world: World, fileId: string): SentFile | GroupFile | undefined {
  return world.find('sent-file', fileId) ?? findGroupFile(world, fileId)
}

function findGroupFile(world: World, fileId: string): GroupFile | undefined {
  if (!fileId.startsWith('/f')) return undefined
  for (const { group_id } of world.groups()) {
    const file = world.find('file', group_id, fileId)
    if (file && world.members(group_id).has(world.bot)) return file
  }
  return undefined
}

async function loadUpload(
  source: string,
  { files, media }: Pick<BackendHost, 'files' | 'media'>,
  options: { readonly isPathAllowed?: boolean },
): Promise<Upload | undefined> {
  if (!isFileLocation(source) && options.isPathAllowed !== true) return undefined
  const { bytes, type, name } = await files.load(source, options)
  if (bytes.length === 0) throw new ActionFailure('file', 'an empty file cannot be sent', { code: 'FILE_EMPTY' })
  const { key, size } = await media.put(bytes, type)
  return { name: name ?? 'file', size, url: mediaUri(key) }
}

/** A file as the message that shows it; in a group it is then among its files, and everyone is told of both. */
export function fileContent(
  { name, size, url }: Upload,
  around: {
    readonly author: UserId
    readonly chat: Chat
    readonly world: World
    readonly now: number
    /** The folder of a group; default: the root. */
    readonly folder?: string
  },
): Content {
  const { author, chat, world, now, folder = root } = around
  if (chat.type === 'group') checkRoom(world, chat.group_id, author, folder, size)
  const file_id = `/f${world.count('file')}`
  const isInGroup = chat.type === 'group'
  const segment: Segment = {
    type: 'file',
    data: {
      file: name,
      path: file_id,
      name,
      size: String(size),
      ...(isInGroup && { busid: String(busid) }),
      file_id,
      url,
    },
  }
  if (isInGroup) {
    const { group_id } = chat
    const times = { upload_time: now, modify_time: now, download_times: 0 }
    const file = {
      kind: 'file',
      group_id,
      file_id,
      folder_id: folder,
      name,
      size,
      url,
      uploader: author,
      ...times,
    } as const
    const told = { id: file_id, name, size, busid, url }
    return {
      segments: [segment],
      documents: [file],
      notices: [{ post_type: 'notice', notice_type: 'group_upload', group_id, user_id: author, file: told }],
    }
  }
  const sent: SentFile = { kind: 'sent-file', file_id, name, size, url }
  const isToBot = chat.type === 'private' && author !== world.bot
  return {
    segments: [segment],
    documents: [sent],
    notices: isToBot
      ? [{ post_type: 'notice', notice_type: 'offline_file', user_id: author, file: { name, size, url } }]
      : [],
  }
}
