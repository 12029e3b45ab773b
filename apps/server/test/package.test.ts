import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder } from '@seekyou/testkit'
import { expect, test } from 'vitest'

const execute = promisify(execFile)
const workspace = fileURLToPath(new URL('../../..', import.meta.url))

/** What a stranger has: their own Node and npm, and nothing of this workspace or of the npm that runs its tests. */
const node = join(workspace, 'node_modules', 'node', 'bin')
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry$)/i.test(name))),
  PATH: `${node}:${process.env['PATH']}`,
}

/** Packs the program as it is published and returns the file. */
async function pack(folder: string): Promise<string> {
  await execute(join(node, 'node'), [join(workspace, 'tooling/bootstrap/pack.mjs'), folder], { env })
  const [file] = await readdir(folder)
  return join(folder, file!)
}

test('is packed, installed in an empty folder and run by npx', async () => {
  await using packed = await createTemporaryFolder()
  await using folder = await createTemporaryFolder()
  const home = join(folder.path, 'home')
  await mkdir(home)
  const file = await pack(packed.path)
  // All that it runs is in the file: nothing is fetched.
  const npm = ['install', '--offline', '--no-audit', '--no-fund', '--no-update-notifier', file]
  await execute('npm', npm, { cwd: home, env })
  // The example names the schema as its neighbour.
  expect(await readdir(join(home, 'node_modules', 'seekyou'))).toEqual(
    expect.arrayContaining(['seekyou.example.yml', 'seekyou.schema.json']),
  )

  // A group of its own, since npx runs it through others.
  const child = spawn('npx', ['--no-install', '--', 'seekyou', '--port', '0', '--print-ready'], {
    cwd: home,
    env: { ...env, NODE_COMPILE_CACHE: join(folder.path, 'compiled'), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await using _ = { [Symbol.asyncDispose]: () => end(child) }
  const loaded = new Set<string>()
  createInterface({ input: child.stderr }).on('line', (told) => {
    const [, name] = /seekyou\/dist\/program\/([\w-]+)\.cjs/.exec(told) ?? []
    if (name !== undefined) loaded.add(name)
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  // Each file more is one to find and to compile: what only some starts need is in files of its own.
  const needed = ['common', 'errors', 'main', 'rolldown-runtime', 'run', 'sandbox', 'serve']
  expect([...loaded].toSorted()).toEqual(needed)
  const { url } = JSON.parse(line) as { url: string }
  const login = await fetch(`${url}/get_login_info`)
  expect(await login.json()).toMatchObject({ retcode: 0, data: { user_id: 10000 } })
  const console = await (await fetch(`${url}/console/`)).text()
  const [, script] = /src="\.\/([^"]+)"/.exec(console)!
  expect(await fetch(`${url}/console/${script}`)).toMatchObject({ status: 200 })
  // What is loaded only when someone asks for it is packed as well.
  const page = await (await fetch(`${url}/docs`)).text()
  const assets = [...page.matchAll(/docs\/[^"]+/g)].map(([name]) => name)
  expect(assets).toHaveLength(5)
  for (const path of [...assets, 'openapi.json', 'asyncapi.json']) {
    expect(await fetch(`${url}/${path}`)).toMatchObject({ status: 200 })
  }
})

async function end(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid!, 'SIGTERM')
  await once(child, 'exit')
}
