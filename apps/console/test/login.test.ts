import { expect, test } from 'vitest'
import { describeInBrowser, expectAccessible, openConsole, screenshot } from './browser.ts'

describeInBrowser('a console whose listener has a token', () => {
  test('asks for it, tells a wrong one, and lets in whoever has the right one until they leave', async () => {
    await using house = await openConsole('#/chat/group:20001', {
      setup: { env: { SEEKYOU_TOKEN: 'open sesame' }, token: 'open sesame' },
    })
    const { page } = house
    await page.getByLabel('Access token').fill('open barley')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'login')
    await page.getByLabel('Access token').fill('open sesame')
    await page.keyboard.press('Enter')
    const column = page.getByRole('region', { name: 'Sandbox' })
    await column.getByRole('textbox', { name: 'Message' }).fill('inside')
    await page.keyboard.press('Enter')
    await column.getByRole('article').getByText('inside').waitFor()
    expect(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toContain('sesame')
    await page.keyboard.press('Tab')
    await column.getByRole('log').focus()
    await page.keyboard.press('?')
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByLabel('Access token').waitFor()
  })
})
