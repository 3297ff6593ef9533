// A small site on this machine, for the web job of the local network: nothing outside is fetched for a demonstration.
import { createServer } from 'node:http'
import { endWithParent } from '../system.ts'
import { PAGES } from './pages.ts'

endWithParent()
const server = createServer((request, response) => {
  const page = PAGES.find(({ path }) => path === request.url)
  if (page === undefined) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page.html)
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object')
    process.stdout.write(`${JSON.stringify({ port: address.port })}\n`)
})
