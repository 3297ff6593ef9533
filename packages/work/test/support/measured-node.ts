// A process of its own: a node that is measured. Prints its port.
import { createServer } from 'node:net'
import { echo, linkOver } from '../../src/measuring/index.ts'

const server = createServer((socket) => {
  echo(linkOver(socket)).catch(() => undefined)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
