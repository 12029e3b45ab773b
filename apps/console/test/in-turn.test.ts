import { expect, test } from 'vitest'
import { describeInBrowser, openConsole } from './browser.ts'
import { eventually } from './eventually.ts'

/** What only shows when one thing follows another. */
describeInBrowser('one page after another', () => {
  test('each page is found as it was left', async () => {
    await using house = await openConsole('#/chat/group:20001,group:20002?message=1')
    const { page } = house
    const goTo = (name: string) => page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('region', { name: 'Guests' }).waitFor()
    await goTo('Inspector')
    await page.getByRole('searchbox').fill('type:call')
    await goTo('Playground')
    await page.getByRole('link', { name: 'send_group_msg', exact: true }).click()
    await page.keyboard.press('g')
    await page.keyboard.press('1')
    await page.getByRole('region', { name: 'Guests' }).waitFor()
    expect(new URL(page.url()).hash).toBe('#/chat/group:20001,group:20002')
    await goTo('Inspector')
    expect(await page.getByRole('searchbox').inputValue()).toBe('type:call')
    await goTo('Playground')
    await page.getByRole('heading', { name: 'send_group_msg' }).waitFor()
  })

  test('who closes the last chat has none open', async () => {
    await using house = await openConsole('#/chat')
    const { page } = house
    await page.getByRole('region', { name: 'Sandbox' }).waitFor()
    await page.getByRole('button', { name: 'Close the chat' }).click()
    await page.getByText('Open a chat on the left.').waitFor()
    expect(await page.getByRole('region', { name: 'Sandbox' }).count()).toBe(0)
  })

  test('a page without a stream does not say that one is live', async () => {
    await using house = await openConsole('#/inspector')
    const { page } = house
    const live = page.getByRole('status').getByText('Live', { exact: true })
    for (const name of ['Chat', 'Inspector', 'Links']) {
      await page.getByRole('link', { name, exact: true }).click()
      await live.waitFor()
      await page.getByRole('link', { name: 'Playground', exact: true }).click()
      await live.waitFor({ state: 'detached' })
    }
  })

  test('a page that could not be loaded says why, and is there once the server is', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { page } = house
    await page.getByRole('region', { name: 'Sandbox' }).waitFor()
    await page.route('**/*', (route) => route.abort('connectionrefused'))
    await page.getByRole('link', { name: 'Inspector', exact: true }).click()
    const problem = page.getByRole('alert').filter({ hasText: 'This page could not be loaded' })
    await problem.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/*')
    await problem.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('searchbox').waitFor()
  })

  test('a machine without a network still has the server that runs on it', async () => {
    await using house = await openConsole('#/links')
    const { page } = house
    await page.getByText('Ready', { exact: true }).waitFor()
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    const asked = page.waitForRequest(/\/inspect\/links$/)
    await page.getByRole('link', { name: 'Configuration' }).click()
    await page.getByText('data_dir').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await asked
  })

  test('what is written from the right reads from the right', async () => {
    await using house = await openConsole('#/chat/group:20001')
    const { page, program } = house
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'שלום (hello) עולם' })
    const words = page.getByRole('log').getByText('שלום')
    const left = (from: number) =>
      words.evaluate((element, at) => {
        const range = document.createRange()
        range.setStart(element.firstChild!, at)
        range.setEnd(element.firstChild!, at + 1)
        return range.getBoundingClientRect().left
      }, from)
    await eventually(async () => (await left(0)) > (await left(13))).toBe(true)
  })

  test('says in the language of the page what the console knows itself', async () => {
    await using house = await openConsole('#/links', {
      setup: { env: { SEEKYOU_TOKEN: 'open sesame' }, token: 'open sesame' },
      options: { locale: 'zh-CN' },
    })
    const { page } = house
    await page.getByLabel('访问令牌').fill('open barley')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('此监听地址不接受这个令牌。').waitFor()
    await page.route('**/*', (route) => route.abort('connectionrefused'))
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('无法连接到服务器。').waitFor()
  })

  test('nothing is cut off nor moves the page where the window is small or what it shows is large', async () => {
    await using house = await openConsole('#/chat/group:20001,group:20002,private:10001,private:10002', {
      options: { viewport: { width: 680, height: 430 } },
    })
    const { page } = house
    await page.getByRole('region', { name: 'Sandbox' }).waitFor()
    const excess = () =>
      page.evaluate(() => [
        document.documentElement.scrollWidth - innerWidth,
        document.documentElement.scrollHeight - innerHeight,
        document.querySelector('#content')!.getBoundingClientRect().bottom - innerHeight,
      ])
    expect(await excess()).toEqual([0, 0, 0])
    await page.setViewportSize({ width: 1000, height: 700 })
    await page.getByRole('region', { name: 'Bob' }).scrollIntoViewIfNeeded()
    expect(await excess()).toEqual([0, 0, 0])
    await page.setViewportSize({ width: 680, height: 300 })
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  })
})
