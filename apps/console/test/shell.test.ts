import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from './browser.ts'

describeInBrowser('the shell', () => {
  test('switches pages, language and theme by mouse and keyboard', async () => {
    await using house = await openConsole('')
    const { page } = house
    await page.getByRole('link', { name: 'Links' }).click()
    await page.waitForURL(/#\/links$/)
    await page.keyboard.press('g')
    await page.keyboard.press('2')
    await page.waitForURL(/#\/inspector$/)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Goes to Chat').waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Theme: as the system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.getByRole('button', { name: 'Switch to Chinese' }).click()
    await page.reload()
    await page.getByRole('link', { name: '检查器' }).waitFor()
    expect(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
    ).toEqual(['zh-CN', 'dark'])
    await screenshot(page, 'shell-dark-zh')
  })
})
