import { isFileLocation, mediaUri } from '@seekyou/protocol'
import type { BackendHost } from '@seekyou/protocol'
import type { Clip } from './document.ts'
import { md5 } from './image.ts'
import { missing, refuse } from './rule.ts'
import type { World } from './world.ts'

/** The largest video that the network takes, in bytes. */
const maxBytes = 100 * 1024 * 1024

/** Reads what the `file` of a video names: the location of a file, or the name of a video seen before. */
export async function readVideo(
  file: string,
  url: string,
  world: World,
  host: Pick<BackendHost, 'files' | 'media'>,
): Promise<Clip> {
  const known = isFileLocation(file) ? undefined : world.clip(file.toLowerCase())
  if (known) return known
  const location = [file, url].find(isFileLocation)
  if (location === undefined) {
    return missing(
      'VIDEO_NOT_FOUND',
      `no video named ${JSON.stringify(file.slice(0, 60))} was seen before; a video is base64://…, http(s)://…, file:///… or a name received`,
    )
  }
  const { bytes, type } = await host.files.load(location)
  if (bytes.length > maxBytes) {
    return refuse('VIDEO_TOO_LARGE', `a video has at most ${maxBytes} bytes, this one has ${bytes.length}`)
  }
  if (!type.startsWith('video/'))
    return refuse('NOT_A_VIDEO', `a video is an MP4 or another video file; this is ${type}`)
  const { key } = await host.media.put(bytes, type)
  return { kind: 'clip', name: `${md5(bytes)}.video`, url: mediaUri(key), cover: '' }
}
