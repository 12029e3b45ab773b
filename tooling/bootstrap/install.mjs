/**
 * Makes the workspace ready with nothing but Node >= 20 and npm: runs the pnpm that package.json pins, which installs
 * every dependency, Node 24 among them. Does nothing when the installed tree already matches the lock file.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const stampFile = join(root, 'node_modules', '.seekyou-installed')

/** The Node 24 of the workspace, whatever Node runs this file. */
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** What runs afterwards is the workspace's own. */
const OLDEST_NODE = 20

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs the pinned pnpm in the workspace root and returns its exit code; its standard output goes to `stdout`. */
export function pnpm(args, stdout = 'inherit') {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', PATH: bin + delimiter + process.env.PATH }
  // `npm start` and `npm test` export their own npm_config_*; npx must not take them for its own.
  for (const name of Object.keys(env)) if (/^npm_(?!config_registry$)/i.test(name)) delete env[name]
  // A version that is here is the one that is pinned: there is nothing to ask the registry about.
  const { status, error } = spawnSync('npx', ['--yes', '--prefer-offline', packageManager, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', stdout, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error) throw error
  return status ?? 1
}

/** Installs if needed. Its chatter goes to standard error, so that a program's own standard output stays its own. */
export function install() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    process.stderr.write(`Node ${OLDEST_NODE} or newer is needed to install; this is ${process.versions.node}.\n`)
    process.exit(1)
  }
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(process.platform + process.arch)
    .digest('hex')
  if (existsSync(node) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  process.stderr.write(`Installing dependencies with ${packageManager} …\n`)
  const status = pnpm(['install', '--frozen-lockfile'], 2)
  if (status !== 0) {
    process.stderr.write(`The installation failed (pnpm exit code ${status}); its own message is above.\n`)
    process.exit(1)
  }
  writeFileSync(stampFile, stamp)
}
