import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('loading the client loads no schema', async () => {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context)
        if (/^[@a-z]/.test(specifier) && resolved.url.startsWith('file:')) loaded.add(specifier)
        return resolved
      },
    })
    await import('@seekyou/client')
    console.log(JSON.stringify([...loaded]))`
  const conditions = process.env['SEEKYOU_TEST_DIST'] ? [] : ['--conditions=@seekyou/source']
  const args = [...conditions, '--input-type=module', '--eval', program]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd })

  expect((JSON.parse(stdout) as string[]).toSorted()).toEqual(['@seekyou/client', '@seekyou/message', 'ws'])
})
