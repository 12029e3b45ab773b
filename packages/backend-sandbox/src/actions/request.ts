import type { BackendActions } from '@seekyou/actions'
import type { Request } from '../document.ts'
import type { Network } from '../network.ts'
import { answerFriend, answerGroup, requestsOf } from '../request.ts'
import type { World } from '../world.ts'

/** How the bot answers what it is asked. */
export function createRequestActions(running: () => Network) {
  return {
    async set_friend_add_request({ flag, approve, remark }) {
      await answerFriend(running(), flag, approve, remark)
      return null
    },

    async set_group_add_request({ flag, sub_type, approve, reason }) {
      const network = running()
      await answerGroup(network, network.world.bot, sub_type, flag, approve, reason)
      return null
    },

    async get_group_ignored_notifies() {
      running()
      return none
    },

    async get_group_system_msg() {
      const { world } = running()
      const invited_requests = requestsOf(world, 'invite').map((request) => ({
        ...question(world, request),
        invitor_uin: request.user_id,
        invitor_nick: nickname(world, request.user_id),
      }))
      const join_requests = requestsOf(world, 'add').map((request) => ({
        ...question(world, request),
        requester_uin: request.user_id,
        requester_nick: nickname(world, request.user_id),
        message: request.comment,
        action_uin: request.invitor_id,
        action_uin_nick: request.invitor_id === 0 ? '' : nickname(world, request.invitor_id),
        suspicious: false,
      }))
      return {
        invited_requests: invited_requests.length > 0 ? invited_requests : null,
        join_requests: join_requests.length > 0 ? join_requests : null,
      }
    },
  } satisfies BackendActions
}

// The network holds back nothing as suspicious.
const none = { invited_requests: null, join_requests: null }

function question(world: World, { request_id, group_id, answer }: Request) {
  if (group_id === 0) throw new Error('a question about a group names none')
  const group_name = world.group(group_id)?.group_name ?? ''
  return { request_id, group_id, group_name, checked: answer !== null, actor: answer?.actor ?? 0 }
}

function nickname(world: World, id: Request['user_id']): string {
  return world.user(id)?.nickname ?? ''
}
