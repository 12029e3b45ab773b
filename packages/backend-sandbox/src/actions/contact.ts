import type { BackendActions } from '@seekyou/actions'
import { deleteFriend, deleteOneWayFriend, setFriendRemark } from '../contact.ts'
import type { Network } from '../network.ts'
import { accountOf, setAvatar, setModelShow, setProfile, setSign } from '../profile.ts'
import { like } from '../quota.ts'
import { findUser, refuse } from '../rule.ts'
import { cookiesOf, csrfTokenOf } from '../web-session.ts'
import type { World } from '../world.ts'

/** What the bot does about itself and the people it knows. */
export function createContactActions(running: () => Network) {
  return {
    async get_login_info() {
      const { world } = running()
      const { user_id, nickname } = findUser(world, world.bot)
      return { user_id, nickname }
    },

    get_cookies: async () => ({ cookies: cookiesOf(running().world.bot) }),

    get_csrf_token: async () => ({ token: csrfTokenOf(running().world.bot) }),

    async get_credentials() {
      const { bot } = running().world
      return { cookies: cookiesOf(bot), csrf_token: csrfTokenOf(bot) }
    },

    async set_qq_profile(profile) {
      await setProfile(running(), profile)
      return null
    },

    async set_qq_avatar({ file }) {
      await setAvatar(running(), file)
      return null
    },

    async set_self_longnick({ longNick }) {
      await setSign(running(), longNick)
      return null
    },

    async qidian_get_account_info() {
      running()
      return refuse(
        'QIDIAN_PROTOCOL_REQUEST',
        'the account is a personal one; only those of companies can be told about',
      )
    },

    async _get_model_show({ model }) {
      const { model_shows } = accountOf(running().world)
      // A device may be called `toString`.
      const shows = new Set([model, ...(Object.hasOwn(model_shows, model) ? [model_shows[model]!] : [])])
      return { variants: [...shows].map((model_show) => ({ model_show, need_pay: false })) }
    },

    async _set_model_show({ model, model_show }) {
      await setModelShow(running(), model, model_show)
      return null
    },

    async get_online_clients() {
      const clients = running().world.list('client')
      return { clients: clients.map(({ app_id, device_name, device_kind }) => ({ app_id, device_name, device_kind })) }
    },

    async get_stranger_info({ user_id }) {
      const { nickname, sex, age, qid, sign, level, login_days, vip_level } = findUser(running().world, user_id)
      return { user_id, nickname, sex, age, qid, sign, level, login_days, vip_level }
    },

    async _get_vip_info({ user_id }) {
      const { nickname, level, vip_level } = findUser(running().world, user_id)
      // Memberships do not grow here.
      return { user_id, nickname, level, level_speed: 1, vip_level, vip_growth_speed: 0, vip_growth_total: 0 }
    },

    get_friend_list: async () => friends(running().world),

    async _get_friend_list() {
      // The bot keeps its friends in one group, as every account does at first.
      return [{ friend_group_id: 1, friend_group_name: '我的好友', friends: friends(running().world) }]
    },

    async get_unidirectional_friend_list() {
      const { world } = running()
      return world
        .friendships()
        .filter(({ direction }) => direction === 'one-way')
        .map(({ user_id }) => ({ user_id, nickname: findUser(world, user_id).nickname, source: '' }))
    },

    async delete_friend({ user_id }) {
      await deleteFriend(running(), user_id)
      return null
    },

    async delete_unidirectional_friend({ user_id }) {
      await deleteOneWayFriend(running(), user_id)
      return null
    },

    async set_friend_remark({ user_id, remark }) {
      await setFriendRemark(running(), user_id, remark)
      return null
    },

    async send_like({ user_id, times }) {
      const network = running()
      like(network.world, user_id, times, network.now())
      await network.world.saved()
      return null
    },

    async friend_poke({ user_id, target_id }) {
      const network = running()
      await network.poke(network.world.bot, target_id ?? user_id, { type: 'private', user_id })
      return null
    },
  } satisfies BackendActions
}

function friends(world: World) {
  return world
    .friendships()
    .filter(({ direction }) => direction === 'two-way')
    .map(({ user_id, remark }) => ({ user_id, nickname: findUser(world, user_id).nickname, remark }))
}
