import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { checkNamedFiles, notesOn } from './config-check.ts'
import { ConfigError } from './config-error.ts'
import { loadConfig } from './config.ts'
import type { LoadedConfig, Overrides } from './config.ts'

/** What was found about one thing. */
export interface Finding {
  /** `doubtful`: the server runs, but perhaps not as it was meant to. */
  readonly verdict: 'fine' | 'doubtful' | 'wrong'
  readonly subject: string
  readonly wording: string
  /** What to do about it. */
  readonly advice?: string
}

const OLDEST_NODE = [22, 18] as const
/** Less than this is soon written full. */
const ROOM_BYTES = 512 * 1024 * 1024
const CONNECT_MS = 5000
/** From here on clients take our tokens and times for those of another time. */
const SKEW_MS = 30_000

/** Examines what a server of this configuration needs. Changes nothing. */
export async function examine(file: string | undefined, overrides: Overrides): Promise<readonly Finding[]> {
  const found = [examineNode(process.versions.node)]
  let loaded: LoadedConfig
  try {
    loaded = await loadConfig(file, overrides, process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [...found, { verdict: 'wrong', subject: 'configuration', wording: error.message }]
  }
  const { config, folder } = loaded
  const { bots } = config
  const programs = bots.flatMap((bot) => bot.connect.map(({ name, url }) => ({ name, url: new URL(url) })))
  const others = await Promise.all([
    ...examineFolder(resolve(folder, config.data_dir)),
    ...bots.flatMap((bot) => bot.listen.filter(({ socket }) => socket === undefined).map((one) => examinePort(one))),
    ...programs.map(({ name, url }) => examineProgram(name, url)),
    ...programs
      .filter(({ url }) => /^(?:http|ws)/.test(url.protocol))
      .slice(0, 1)
      .map(({ url }) => examineClock(url)),
  ])
  return [...found, ...(await examineFiles(loaded, file ?? 'it can be read')), ...others.flat()]
}

/** The files and folders that a configuration names. */
async function examineFiles(loaded: LoadedConfig, fine: string): Promise<readonly Finding[]> {
  const subject = 'configuration'
  const problems = await checkNamedFiles(loaded)
  if (problems.length > 0) return [{ verdict: 'wrong', subject, wording: new ConfigError(problems).message }]
  const notes = await notesOn(loaded)
  return [
    { verdict: 'fine', subject, wording: fine },
    ...notes.map((wording): Finding => ({ verdict: 'doubtful', subject, wording })),
  ]
}

function examineNode(running: string): Finding {
  const [major = 0, minor = 0] = running.split('.').map(Number)
  const [oldMajor, oldMinor] = OLDEST_NODE
  const isFine = major > oldMajor || (major === oldMajor && minor >= oldMinor)
  if (isFine) return { verdict: 'fine', subject: 'Node', wording: running }
  const advice = `Install Node ${OLDEST_NODE.join('.')} or newer.`
  return { verdict: 'wrong', subject: 'Node', wording: `${running} is too old`, advice }
}

function examineFolder(dataDir: string): readonly Promise<Finding>[] {
  return [examineRights(dataDir), examineRoom(dataDir)]
}

async function examineRights(dataDir: string): Promise<Finding> {
  const subject = `data folder ${dataDir}`
  const place = await nearest(dataDir)
  const found = await stat(place)
  if (!found.isDirectory())
    return { verdict: 'wrong', subject, wording: `${place} is no folder`, advice: 'Set another data_dir.' }
  // Files that another user's server made in the folder keep this one's from it as well.
  const files = place === dataDir ? ['seekyou.lock', 'seekyou.db'].map((file) => join(dataDir, file)) : []
  for (const path of [place, ...files]) {
    const code = await access(path, constants.R_OK | constants.W_OK).then(
      () => 'ENOENT',
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (code === 'ENOENT') continue
    const advice =
      code === 'EROFS'
        ? 'Its file system is mounted to be read only; mount it for writing, or set another data_dir.'
        : `Give it to the user that runs the server: chown -R ${process.getuid?.() ?? '<user>'} ${place}`
    return { verdict: 'wrong', subject, wording: `${path} cannot be written`, advice }
  }
  if (place !== dataDir) return { verdict: 'fine', subject, wording: 'it will be made' }
  if (process.platform !== 'win32' && (found.mode & 0o007) !== 0) {
    const wording = 'others on this machine can look into it'
    return { verdict: 'doubtful', subject, wording, advice: `chmod 700 ${dataDir}` }
  }
  return { verdict: 'fine', subject, wording: 'it can be written' }
}

async function examineRoom(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(dataDir))
  const bytes = bavail * bsize
  const wording = `${Math.floor(bytes / 1024 / 1024)} MiB are free`
  if (bytes >= ROOM_BYTES) return { verdict: 'fine', subject: 'disk', wording }
  const advice = 'Make room, or set the bounds of `store` lower.'
  return { verdict: bytes < ROOM_BYTES / 16 ? 'wrong' : 'doubtful', subject: 'disk', wording, advice }
}

/** The folder itself, or the closest one above it that is there. */
async function nearest(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  )
  return isThere || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

async function examinePort({ host, port }: { readonly host: string; readonly port: number }): Promise<Finding> {
  const subject = `port ${host}:${port}`
  const server = createServer()
  const listening = Promise.withResolvers<undefined | NodeJS.ErrnoException>()
  server.once('error', listening.resolve).listen(port, host, () => listening.resolve(undefined))
  const error = await listening.promise
  if (!error) {
    server.close()
    return { verdict: 'fine', subject, wording: 'it is free' }
  }
  switch (error.code) {
    case 'EADDRINUSE':
      return (await isOurs(host, port))
        ? { verdict: 'fine', subject, wording: 'a SeekYou server listens there' }
        : { verdict: 'wrong', subject, wording: 'another program has it', advice: 'End that program, or use --port.' }
    case 'EACCES':
      return { verdict: 'wrong', subject, wording: 'this user may not have it', advice: 'Use a port above 1023.' }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        verdict: 'wrong',
        subject,
        wording: 'this machine has no such address',
        advice: 'Listen on 127.0.0.1, or on 0.0.0.0 for all.',
      }
    default:
      return { verdict: 'wrong', subject, wording: error.message }
  }
}

async function isOurs(host: string, port: number): Promise<boolean> {
  try {
    const name = host.includes(':') ? `[${host}]` : host
    const response = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(CONNECT_MS) })
    return ((await response.json()) as { readonly status?: unknown }).status === 'ok'
  } catch {
    return false
  }
}

/** Whether a bot program, that the server will connect to or post to, is there. */
async function examineProgram(name: string, url: URL): Promise<Finding> {
  const subject = `bot program ${name}`
  const secure = url.protocol === 'https:' || url.protocol === 'wss:'
  const port = Number(url.port) || (secure ? 443 : 80)
  // A URL writes an IPv6 address in brackets, and a socket does not.
  const socket = connect({ host: url.hostname.replaceAll(/^\[|\]$/g, ''), port, timeout: CONNECT_MS })
  const ended = Promise.withResolvers<string | undefined>()
  socket.once('connect', () => ended.resolve(undefined))
  socket.once('timeout', () => ended.resolve(`no answer within ${CONNECT_MS / 1000} s`))
  socket.once('error', (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? error.message))
  const trouble = await ended.promise
  socket.destroy()
  if (trouble === undefined) return { verdict: 'fine', subject, wording: `${url.host} accepts` }
  const advice = 'Start it, or correct the url; the server runs without it and goes on trying.'
  return { verdict: 'doubtful', subject, wording: `${url.host} cannot be reached: ${trouble}`, advice }
}

/** Compares our clock with that of another machine, to the second that HTTP tells. */
async function examineClock(url: URL): Promise<readonly Finding[]> {
  const address = Object.assign(new URL(url), {
    protocol: url.protocol.replace(/^ws/, 'http'),
    username: '',
    password: '',
  })
  try {
    const response = await fetch(address.origin, { method: 'HEAD', signal: AbortSignal.timeout(CONNECT_MS) })
    const theirs = Date.parse(response.headers.get('date') ?? '')
    if (Number.isNaN(theirs)) return []
    const skew = Math.round((Date.now() - theirs) / 1000)
    const wording = `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} ${address.host}`
    if (Math.abs(skew) * 1000 < SKEW_MS) return [{ verdict: 'fine', subject: 'clock', wording }]
    const advice = 'Have both machines set their clocks by NTP.'
    return [{ verdict: 'doubtful', subject: 'clock', wording, advice }]
  } catch {
    // Whether it can be reached is told elsewhere.
    return []
  }
}
