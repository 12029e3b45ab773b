import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { OpenConsole } from './browser.ts'

/** Shows a page in both themes, wide and as narrow as a phone; in none of them it may be wider than the window. */
export async function inEveryLook(
  house: OpenConsole,
  hash: string,
  see: (page: Page, look: string) => Promise<void>,
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1360, 375]) {
      const page = await house.open(hash, { colorScheme, viewport: { width, height: width < 500 ? 740 : 860 } })
      await see(page, `${colorScheme}-${width}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await page.close()
    }
  }
}
