import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { OpenConsole } from './browser.ts'

/** Looking at a whole page several times takes its time on a busy machine. */
export const patiently = { timeout: 400_000 }

const looks = [
  ['light', 1360],
  ['dark', 1360],
  ['dark', 375],
] as const

/** Shows a page in both themes, wide and as narrow as a phone; in none of them it may be wider than the window. */
export async function inEveryLook(
  house: OpenConsole,
  hash: string,
  see: (page: Page, look: string) => Promise<void>,
): Promise<void> {
  for (const [colorScheme, width] of looks) {
    const page = await house.open(hash, { colorScheme, viewport: { width, height: width < 500 ? 740 : 860 } })
    await see(page, `${colorScheme}-${width}`)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await page.context().close()
  }
}
