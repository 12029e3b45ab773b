import { actions, control } from './door/actions.ts'
import { configs } from './door/config.ts'
import { cqCodes, messages } from './door/cq-code.ts'
import { filters } from './door/filter.ts'
import { growth } from './door/growth.ts'
import { http } from './door/http.ts'
import { upstreams } from './door/upstream.ts'
import { webSockets } from './door/web-socket.ts'
import { webhooks } from './door/webhook.ts'
import { worlds } from './door/world.ts'
import type { Door } from './door.ts'

/** Every way in. */
export const doors: readonly Door[] = [
  cqCodes,
  messages,
  filters,
  growth,
  worlds,
  configs,
  actions,
  control,
  http,
  webSockets,
  webhooks,
  upstreams,
]
