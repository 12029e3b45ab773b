/** What everybody would write first: fastify, a token, a route for all actions, JSON in and out. */
import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { actions } from '../sockets/said.ts'
import { serve } from '../sockets/worker.ts'

const app = fastify()
app.addHook('onRequest', (request, reply, done) => {
  if (request.headers.authorization === 'Bearer s3cret') done()
  else void reply.code(401).send()
})
app.post<{ Params: { action: string } }>('/:action', (request, reply) => {
  void reply.send({ status: 'ok', retcode: 0, data: actions.get(request.params.action)!() })
})
await app.listen({ port: 0, host: '127.0.0.1' })

serve(
  {
    ports: () => ({ sockets: (app.server.address() as AddressInfo).port }),
    cpuUsage: () => process.cpuUsage(),
  },
  () => app.close(),
)
