/** `node tooling/bootstrap/pack.mjs <folder>`: builds the program and writes it there as the package that is published. */
import { cpSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildConsole } from './console.mjs'
import { install, pnpm, root } from './install.mjs'

/** Builds the program with its pages, and returns whether it is there. */
function buildProgram() {
  return buildConsole() && pnpm(['--silent', '--filter', 'seekyou', 'run', 'build'], 'ignore') === 0
}

/**
 * Builds the program for tests to start, and returns its folder as seen from the root; `undefined` if there is none. It
 * is a copy, since a test builds it again.
 */
export function buildTestedProgram() {
  if (!buildProgram()) return undefined
  const dist = join(root, 'apps', 'server', 'dist')
  rmSync(join(dist, 'tested'), { recursive: true, force: true })
  for (const part of ['program', 'page', 'console']) {
    cpSync(join(dist, part), join(dist, 'tested', part), { recursive: true })
  }
  return 'apps/server/dist/tested/program'
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = resolve(process.argv[2] ?? '.')
  install()
  process.exit(buildProgram() ? pnpm(['--filter', 'seekyou', 'pack', '--pack-destination', folder], 2) : 1)
}
