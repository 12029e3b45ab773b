import { expect, it } from 'vitest'
import { answerOf, base64, images, refusal, restart, startSandbox } from './run.ts'

it('changes what is given of the profile, and leaves the rest', async () => {
  const run = await startSandbox()
  await run.act('set_qq_profile', { nickname: 'CQ', company: 'SeekYou', email: 'cq@example.com' })
  await run.act('set_qq_profile', { college: 'here', email: '' })
  await run.act('set_self_longnick', { longNick: 'on air' })
  const again = await restart(run)
  expect(await again.act('get_login_info')).toEqual({ user_id: 10000, nickname: 'CQ' })
  expect(await again.act('get_stranger_info', { user_id: 10000 })).toMatchObject({ nickname: 'CQ', sign: 'on air' })
  expect(await again.play('world')).toMatchObject({
    account: { company: 'SeekYou', email: '', college: 'here', personal_note: '' },
  })
  expect(await answerOf(again, again.act('set_qq_profile', { nickname: '' }))).toBe(
    '103 NICKNAME_EMPTY: a nickname has at least one character',
  )
})

it('hangs up a picture of itself, which has to be an image', async () => {
  const run = await startSandbox()
  await run.act('set_qq_avatar', { file: base64(images.gif) })
  expect(await refusal(run, run.act('set_qq_avatar', { file: base64(Buffer.from('x')) }))).toBe('refused NOT_AN_IMAGE')
  const [bot] = ((await (await restart(run)).play('world')) as { users: { avatar: string }[] }).users
  expect(bot!.avatar).toMatch(/\.image$/)
})

it('shows devices as what was chosen', async () => {
  const run = await startSandbox()
  const variants = (...shows: string[]) => ({
    variants: shows.map((model_show) => ({ model_show, need_pay: false })),
  })
  expect(await run.act('_get_model_show', { model: 'iPhone' })).toEqual(variants('iPhone'))
  await run.act('_set_model_show', { model: 'iPhone', model_show: 'Toaster' })
  const again = await restart(run)
  expect(await again.act('_get_model_show', { model: 'iPhone' })).toEqual(variants('iPhone', 'Toaster'))
  await again.act('_set_model_show', { model: 'iPhone' })
  expect(await again.act('_get_model_show', { model: 'iPhone' })).toEqual(variants('iPhone'))
})

it.each(['toString', '__proto__', 'constructor'])(
  'has no choice for a device called %s before one is made',
  async (model) => {
    const run = await startSandbox()
    const shows = async (on: typeof run) => {
      const { variants } = (await on.act('_get_model_show', { model })) as { variants: { model_show: string }[] }
      return variants.map(({ model_show }) => model_show)
    }
    expect(await shows(run)).toEqual([model])
    await run.act('_set_model_show', { model, model_show: 'Toaster' })
    const again = await restart(run)
    expect(await shows(again)).toEqual([model, 'Toaster'])
    await again.act('_set_model_show', { model })
    expect(await shows(again)).toEqual([model])
  },
)

it('tells of memberships, and of companies that there are none', async () => {
  const run = await restart(await startSandbox(), { 'user/10001': { vip_level: 'svip6', level: 64 } })
  expect(await run.act('get_stranger_info', { user_id: 10001 })).toMatchObject({ vip_level: 'svip6' })
  expect(await run.act('_get_vip_info', { user_id: 10001 })).toMatchObject({
    user_id: 10001,
    nickname: 'Alice',
    level: 64,
    vip_level: 'svip6',
  })
  expect(await refusal(run, run.act('_get_vip_info', { user_id: 19999 }))).toBe('no-data USER_NOT_FOUND')
  expect(await answerOf(run, run.act('qidian_get_account_info'))).toBe(
    '103 QIDIAN_PROTOCOL_REQUEST: the account is a personal one; only those of companies can be told about',
  )
})
