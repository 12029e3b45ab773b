/** The least that Node's own HTTP server could do for a call: read the body, write a reply that was built before. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '../sockets/worker.ts'

const reply = Buffer.from('{"status":"ok","retcode":0,"data":{"user_id":10000,"nickname":"SeekYou"}}')
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': reply.length }

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => response.writeHead(200, headers).end(reply))
}).listen(0, '127.0.0.1')
await once(server, 'listening')

serve(
  {
    ports: () => ({ sockets: (server.address() as AddressInfo).port }),
    cpuUsage: () => process.cpuUsage(),
  },
  () => server.closeAllConnections(),
)
