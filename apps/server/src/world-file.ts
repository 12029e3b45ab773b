import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { numberProblem, worldFile } from '@seekyou/backend-sandbox'
import type { WorldFile } from '@seekyou/backend-sandbox'
import { ConfigError } from './config-error.ts'
import type { LoadedConfig } from './config.ts'
import { parseConfigText } from './config-text.ts'

/**
 * Reads the world file that the sandbox of a bot names.
 * @throws ConfigError with everything that is wrong: file, line, key, what is accepted.
 */
export function loadWorldFile({ config, folder, place, problem }: LoadedConfig, bot: number): WorldFile {
  const path = ['bots', bot, 'backend']
  const { backend } = config.bots[bot]!
  if (backend.type !== 'sandbox') throw new Error('only a sandbox has a world')
  const { world: file } = backend
  const text = readText(file, folder, place([...path, 'world']))
  const world = parseConfigText(worldFile, text, { file, env: process.env }).data
  const wrong = numberProblem(world, backend.self_id)
  if (wrong === undefined) return world
  throw new ConfigError([problem([...path, 'self_id'], ` takes ${wrong}, not ${backend.self_id}`)])
}

function readText(file: string, folder: string, place: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new ConfigError([
      `${place}: ${file}: the world file cannot be read: ${isAbsent ? 'there is no such file' : (error as Error).message}`,
    ])
  }
}
