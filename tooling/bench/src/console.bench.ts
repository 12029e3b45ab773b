/** The console in a browser: what it loads, when it can be used, and whether the inspector stays smooth. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createClient } from '@seekyou/client'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { Finding, Report, Suite } from './harness.ts'
import { median, percentile } from './result.ts'

const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path && existsSync(path),
)

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']

/** Anything over 50 ms is a long task to the browser; a person notices those over 100. */
const GOAL_LONG_TASK_MS = 100
const GOAL_INTERACTIVE_MS = 1000
const GOAL_BYTES = 250_000

/** Runs with the program, and a browser that looks at it. */
async function inBrowser(
  use: (browser: Browser, program: Program) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  if (!executable) {
    const details = 'there is no browser: install chromium, or name one in CHROMIUM'
    return [{ name: 'not measured', value: 0, unit: '', details }]
  }
  execFileSync(process.execPath, [fileURLToPath(new URL('../../bootstrap/console.mjs', import.meta.url))])
  await using opened = new AsyncDisposableStack()
  const program = opened.use(await startProgram())
  const browser = await chromium.launch({ executablePath: executable, args: flags })
  opened.defer(() => browser.close())
  return await use(browser, program)
}

/** A window with an empty cache that notes every long task from its beginning. */
async function openPage(browser: Browser): Promise<Page> {
  // What is waited for is asked in a string, which the policy of the console lets nobody evaluate.
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, bypassCSP: true })
  const page = await context.newPage()
  await page.addInitScript({ path: fileURLToPath(new URL('console/in-page.js', import.meta.url)) })
  return page
}

/** Has the page do something; see `console/in-page.js`. */
function inPage<T>(page: Page, does: string): Promise<T> {
  return page.evaluate<T>(`bench.${does}`)
}

const now = (page: Page) => inPage<number>(page, 'now()')
const longTasks = (page: Page, since: number) => inPage<number[]>(page, `longTasksSince(${since})`)

const firstLoad: Report = {
  name: 'first load, with an empty cache',
  run: ({ isSmoke }) =>
    inBrowser(async (browser, program) => {
      const findings: Finding[] = []
      for (const hash of isSmoke ? ['inspector'] : ['chat', 'inspector', 'playground', 'links']) {
        const rounds: { bytes: number; ms: number }[] = []
        for (let round = 0; round < (isSmoke ? 1 : 5); round++) {
          const page = await openPage(browser)
          await page.goto(`${program.url}/console/#/${hash}`)
          await page.locator('.nav-link[aria-current]').waitFor()
          await page.locator('main').first().waitFor()
          await page.waitForLoadState('load')
          rounds.push(await inPage<{ bytes: number; ms: number }>(page, 'load()'))
          await page.context().close()
        }
        const { bytes } = rounds[0]!
        findings.push(
          {
            name: `#/${hash}: compressed`,
            value: bytes / 1000,
            unit: 'kB',
            goal: { of: 'value', atMost: GOAL_BYTES / 1000 },
          },
          {
            name: `#/${hash}: interactive after`,
            value: median(rounds.map(({ ms }) => ms)),
            unit: 'ms',
            goal: { of: 'value', atMost: GOAL_INTERACTIVE_MS },
          },
        )
      }
      return findings
    }),
}

const inspector: Report = {
  name: 'the inspector with 10 000 rows',
  run: ({ isSmoke }) =>
    inBrowser(async (browser, program) => {
      const page = await openPage(browser)
      await page.goto(`${program.url}/console/#/inspector`)
      await page.locator('.inspector').waitFor()
      const records = isSmoke ? 100 : 10_000
      const arriving = await now(page)
      const took = await makeRecords(program, records)
      for (let tries = 0; (await inPage<number>(page, 'rows()')) < records * 0.99; tries++) {
        if (tries > 600) throw new Error('the records do not arrive in the inspector')
        await page.waitForTimeout(100)
      }
      const whileArriving = await longTasks(page, arriving)

      const scrolling = await now(page)
      const frames = await inPage<number[]>(page, `scrollThrough(${isSmoke ? 20 : 400})`)
      const whileScrolling = await longTasks(page, scrolling)

      const filtering = await now(page)
      await page.getByLabel('Filter', { exact: true }).pressSequentially('type:call hello', { delay: 20 })
      await page.waitForTimeout(300)
      const whileFiltering = await longTasks(page, filtering)

      return [
        longest(`${records} records arriving within ${(took / 1000).toFixed(1)} s`, whileArriving),
        longest('scrolling through all of them', whileScrolling),
        { name: 'frames while scrolling, half of them', value: percentile(frames, 0.5), unit: 'ms' },
        { name: 'frames while scrolling, 99 of 100', value: percentile(frames, 0.99), unit: 'ms' },
        longest('typing a filter', whileFiltering),
      ]
    }),
}

/** Makes so many rows, most of them calls, some of them messages that a bot on a WebSocket is told. Returns how long it took. */
async function makeRecords(program: Program, count: number): Promise<number> {
  const client = createClient({ url: program.url.replace('http', 'ws') })
  const since = performance.now()
  let left = count
  try {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        while (left > 0) {
          const isMessage = left % 10 === 0
          // A message is a row for the event and one for the delivery.
          left -= isMessage ? 2 : 1
          if (isMessage) await program.sandbox('say', { as: 10001, group_id: 20001, message: `hello ${left}` })
          else await client.call('get_group_info', { group_id: 20001 })
        }
      }),
    )
  } finally {
    await client.close()
  }
  return performance.now() - since
}

/** The longest of the tasks that a browser calls long. */
function longest(name: string, tasks: readonly number[]): Finding {
  return {
    name: `${name}: the longest task`,
    value: Math.max(0, ...tasks),
    unit: 'ms',
    goal: { of: 'value', atMost: GOAL_LONG_TASK_MS },
    details: `${tasks.length} over 50 ms`,
  }
}

export const suite: Suite = {
  about: 'The console in a browser: what it loads, when it can be used, and whether the inspector stays smooth.',
  reports: [firstLoad, inspector],
}
