/*
 * Runs a server of the configuration that it is given and stops it at once; then it tells what is left that would keep a
 * process alive, and ends by itself if nothing is.
 */
import { openServer } from '../src/compose.ts'
import { loadConfig } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { startReloading } from '../src/reload.ts'

const load = () => loadConfig(process.argv[2], {}, {})
const log = await createLog('silent')
const loaded = await load()
const alive = setInterval(() => undefined, 1000)
const server = await openServer(loaded, { log, version: '0' })
const reloading = startReloading({ server, loaded, load, log })
await server.ready
clearInterval(alive)
await reloading[Symbol.asyncDispose]()
await server[Symbol.asyncDispose]()
process.stdout.write(JSON.stringify(process.getActiveResourcesInfo()))
