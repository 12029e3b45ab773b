import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createAsyncApi, createOpenApi } from '@seekyou/api-reference'
import { createTemporaryFolder } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { actionsPage } from '../src/actions-page.ts'
import { eventsPage } from '../src/events-page.ts'

const run = promisify(execFile)
const home = new URL('../', import.meta.url)

const headingsOf = (page: string): readonly string[] => page.match(/^#+ .*$/gm) ?? []

test('the site is built, and no link in it leads nowhere', async () => {
  await using folder = await createTemporaryFolder()
  await run(process.execPath, ['--conditions=@seekyou/source', 'src/main.ts'], { cwd: home })
  // The tests of this house read sources; what VitePress is made of must not.
  const { NODE_OPTIONS: _, ...env } = process.env
  await run(process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build', '--outDir', folder.path], {
    cwd: home,
    env: { ...env, NODE_ENV: 'production' },
  })
  for (const page of ['index', 'quick-start', 'zh/quick-start', 'reference/configuration', 'reference/actions']) {
    expect(await readFile(join(folder.path, `${page}.html`), 'utf8')).toContain('SeekYou')
  }
})

test('the reference has every action with its params', () => {
  const page = actionsPage()
  const { paths } = createOpenApi({ version: '' })
  const names = Object.keys(paths).map((path) => path.slice(1))
  expect(headingsOf(page)).toEqual(expect.arrayContaining(names.map((name) => `### ${name}`)))
  const [, banned = ''] = page.split('### set_group_ban\n')
  expect(banned.split('###')[0]).toContain('| `duration` | integer | `1800` | seconds; 0 lifts it |')
})

test('what the reference links to is on its page', () => {
  const anchors = headingsOf(actionsPage()).map((heading) => heading.replace(/^#+ /, '').toLowerCase())
  const links = [...(actionsPage() + eventsPage()).matchAll(/\]\((?:actions\.md)?#([^)]+)\)/g)].map(([, name]) => name!)
  expect(new Set(links).size).toBeGreaterThan(0)
  expect(anchors).toEqual(expect.arrayContaining([...new Set(links)]))
})

test('the reference has every event with its fields', () => {
  const page = eventsPage()
  const { components } = createAsyncApi({ version: '' })
  const events = Object.keys(components.messages).filter((name) => name.includes('.'))
  expect(headingsOf(page)).toEqual(expect.arrayContaining(events.map((name) => `### ${name}`)))
  const [, banned = ''] = page.split('### notice.group_ban\n')
  expect(banned.split('###')[0]).toContain(
    String.raw`| \`sub_type\` | \`"ban"\` \| \`"lift_ban"\` |`.replaceAll('\\`', '`'),
  )
})

describe.each(['quick-start', 'frameworks', 'migrate-from-go-cqhttp'])('the Chinese page %s', (page) => {
  test('says what the English one says: the same sections, the same examples', async () => {
    const [english, chinese] = await Promise.all(
      ['', 'zh/'].map((language) => readFile(new URL(`${language}${page}.md`, home), 'utf8')),
    )
    const levels = (text: string) => headingsOf(text).map((heading) => heading.split(' ')[0])
    expect(levels(chinese!)).toEqual(levels(english!))
    const examples = (text: string) => [...text.matchAll(/^```(yaml|ini|ts)\n(.*?)^```/gms)].map(([, , code]) => code)
    expect(examples(chinese!)).toEqual(examples(english!))
  })
})
