/** `npm start`: installs if needed, then runs the server from its sources on the workspace's Node 24. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { install, node, root } from './install.mjs'

// Some shells die of npm's signal without a word to what they run; then its parent is gone.
const shell = process.env.npm_lifecycle_event && process.ppid

install()
// Without it everything else works, and its address says what is missing.
buildConsole()
const main = join(root, 'apps', 'server', 'src', 'main.ts')
const server = spawn(node, ['--conditions=@seekyou/source', main, ...process.argv.slice(2)], { stdio: 'inherit' })
// A terminal sends Ctrl-C to the whole group; a supervisor signals this process only. The server takes either once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
if (shell) setInterval(() => process.ppid !== shell && server.kill('SIGTERM'), 200).unref()
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
