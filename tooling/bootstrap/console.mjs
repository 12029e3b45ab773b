/** `node tooling/bootstrap/console.mjs`: builds the console where it is missing or older than its sources. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { install, pnpm, root } from './install.mjs'

/** Holds the hash of the sources that the page beside it was built of. */
const stampFile = join(root, 'apps', 'console', 'dist', 'page', 'sources.sha256')

/** Whatever the page is made of: its own files, those of the workspace that it bundles, and what is installed. */
const sources = [
  'apps/console/src',
  'apps/console/index.html',
  'apps/console/package.json',
  'apps/console/vite.config.ts',
  'packages/message/src',
  'pnpm-workspace.yaml',
]

function sourcesHash() {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of filesOf(join(root, source))) {
      hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file))
    }
  }
  return hash.digest('hex')
}

function filesOf(path) {
  const entries =
    existsSync(path) && !/\.\w+$/.test(path) ? readdirSync(path, { withFileTypes: true, recursive: true }) : undefined
  if (!entries) return [path]
  return (
    entries
      .filter((entry) => entry.isFile())
      // Node 20.11 and older know it as `path` only.
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .toSorted()
  )
}

/** Builds if needed, and returns whether there is a page of these sources. */
export function buildConsole() {
  const hash = sourcesHash()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return true
  process.stderr.write('Building the console …\n')
  const status = pnpm(['--silent', '--filter', '@seekyou/console', 'exec', 'vite', 'build'], 'ignore')
  if (status === 0) writeFileSync(stampFile, hash)
  else process.stderr.write('The console could not be built; its own message is above.\n')
  return status === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  install()
  process.exit(buildConsole() ? 0 : 1)
}
