// Ports of this machine that nobody uses now.
import { createServer } from 'node:net'
import { CliError } from '../errors.ts'

/** All are held at once, so that none is given twice. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map((server) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      server.on('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new CliError('failed', 'This machine gives no free port.'))
      })
      return promise
    }),
  )
  await Promise.all(servers.map((server) => closed(server)))
  return ports
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  return promise
}
