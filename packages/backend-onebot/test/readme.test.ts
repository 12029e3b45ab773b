import { readFile, writeFile } from 'node:fs/promises'
import * as bridge from '@seekyou/backend-onebot'
import { bridgeOptions } from '@seekyou/backend-onebot'
import { createRecordingLogger, examplesOf, FakeUpstream, runExample } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { profiles } from '../src/profile.ts'

const optionRows = Object.entries(bridgeOptions.shape).map(([key, option]) => {
  const absent = 'defaultValue' in option.def ? `\`${JSON.stringify(option.def.defaultValue)}\`` : ''
  return `| \`${key}\` | ${absent} | ${option.description ?? option.unwrap().description} |`
})

const options = ['| key | default | meaning |', '| --- | --- | --- |', ...optionRows].join('\n')

const differences = profiles
  .filter(({ actions }) => Object.keys(actions).length > 0)
  .map(({ name, actions, outgoing }) => {
    const rows = Object.entries(actions).map(([action, { verdict, why }]) => `| \`${action}\` | ${verdict} | ${why} |`)
    const unsent = Object.entries(outgoing).flatMap(([type, row]) =>
      'unsupported' in row ? [`| segment \`${type}\` | missing | ${row.unsupported} |`] : [],
    )
    return [`### ${name}`, '', '| action | how | why |', '| --- | --- | --- |', ...rows, ...unsent].join('\n')
  })
  .join('\n\n')

/** The formatter pads table cells; what they say is what counts. */
const squeeze = (text: string): string =>
  text
    .replace(/ *\| */g, '|')
    .replace(/-{3,}/g, '---')
    .replace(/\n+/g, '\n')

test.each([
  ['options', options],
  ['differences', differences],
])('the README lists the %s as they are', async (name, generated) => {
  const file = new URL('../README.md', import.meta.url)
  const readme = await readFile(file, 'utf8')
  const [head = '', rest = ''] = readme.split(`<!-- ${name} -->`)
  const [, tail = ''] = rest.split(`<!-- /${name} -->`)
  const written = `${head}<!-- ${name} -->\n\n${generated}\n\n<!-- /${name} -->${tail}`
  if (process.env['UPDATE_REFERENCE']) await writeFile(file, written)
  expect(squeeze(await readFile(file, 'utf8')), 'run the test with UPDATE_REFERENCE=1').toBe(squeeze(written))
})

test('the example of the README looks at an upstream', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat' })
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const printed: unknown[] = []
  await runExample(
    `${example.replaceAll('ws://127.0.0.1:3001', upstream.url)}\nprint(backend.kind, appName, profile)`,
    {
      modules: { '@seekyou/backend-onebot': bridge },
      given: { log: createRecordingLogger(), print: (...values: unknown[]) => printed.push(...values) },
    },
  )
  expect(printed).toEqual(['onebot', 'NapCat.Onebot', 'napcat'])
})
