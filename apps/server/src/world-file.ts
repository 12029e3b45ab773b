import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { worldFile } from '@seekyou/backend-sandbox'
import type { WorldFile } from '@seekyou/backend-sandbox'
import { ConfigError } from './config-error.ts'
import { parseConfigText } from './config-text.ts'

/**
 * Reads the world file of a sandbox, found from `folder` and named at `place` in the configuration.
 * @throws ConfigError, one line for each thing that is wrong: file, line, key, what is accepted.
 */
export function loadWorldFile(file: string, folder: string, place: string): WorldFile {
  return parseConfigText(worldFile, readText(file, folder, place), { file, env: process.env }).data
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
