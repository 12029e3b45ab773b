import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { startProgram } from '@seekyou/testkit'
import type { Program, ProgramSetup } from '@seekyou/testkit'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'

const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path && existsSync(path),
)

if (!executable) {
  process.stderr.write('No browser: the tests of the console did not run. Install chromium, or name one in CHROMIUM.\n')
}

/** Tests that need a browser; where there is none, one stands for them that says so, and a line on the terminal. */
export const describeInBrowser: (name: string, tests: () => void) => void = executable
  ? describe
  : (name) => test(`${name}: needs a browser`, () => expect(executable).toBeUndefined())

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** One for all tests of a file; each has windows, cookies and a storage of its own. */
let launched: Promise<Browser> | undefined
afterAll(async () => (await launched)?.close())

/** The program and the console open in a browser. Disposing of it ends both. */
export interface OpenConsole extends AsyncDisposable {
  readonly program: Program
  readonly page: Page
  /** Opens another window of the same browser, with cookies and a storage of its own. */
  open(hash: string, options?: BrowserContextOptions): Promise<Page>
}

/**
 * Starts the program and opens its console at `hash`, in English and light unless `options` say other. An error in the
 * console of a page fails the test when it ends.
 */
export async function openConsole(
  hash: string,
  { setup, options }: { readonly setup?: ProgramSetup; readonly options?: BrowserContextOptions } = {},
): Promise<OpenConsole> {
  await using opened = new AsyncDisposableStack()
  const program = opened.use(await startProgram(setup))
  launched ??= chromium.launch({ executablePath: executable!, args: flags })
  const browser = await launched
  const contexts: BrowserContext[] = []
  opened.defer(async () => void (await Promise.all(contexts.map((context) => context.close()))))
  const errors: string[] = []
  const open = async (at: string, more: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: 'en-GB',
      colorScheme: 'light',
      viewport: { width: 1360, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...more,
    })
    contexts.push(context)
    const page = await context.newPage()
    // For what never comes; a busy machine takes its time.
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      // The browser notes every refused request; those are answers, and the page shows them.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        errors.push(message.text())
    })
    await page.goto(`${program.url}/console/${at}`)
    return page
  }
  const page = await open(hash, options)
  const owned = opened.move()
  return {
    program,
    page,
    open,
    async [Symbol.asyncDispose]() {
      await owned[Symbol.asyncDispose]()
      expect(errors).toEqual([])
    },
  }
}

/** Has axe look at the page. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

const screenshots = fileURLToPath(new URL('../.screenshots', import.meta.url))

/** Keeps what the page looks like, for a person to see. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
}
