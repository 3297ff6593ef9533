// A process of its own: a link so narrow and so long. Every connection to it goes on to another port.
//   node narrow-link.ts <port> <bytes a second> <milliseconds each way>
import { connect, createServer, type Socket } from 'node:net'

const [port = 0, bytesPerSecond = 0, delayMs = 0] = process.argv.slice(2).map(Number)
const PIECE_BYTES = 4_096

/** Pieces leave one after the other, each when the one before is through, and arrive so much later. */
function narrow(from: Socket, to: Socket): void {
  let freeAt = performance.now()
  from.on('data', (chunk) => {
    const bytes = Buffer.from(chunk)
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES)
      freeAt = Math.max(freeAt, performance.now()) + (piece.length * 1_000) / bytesPerSecond
      setTimeout(() => to.write(piece), freeAt + delayMs - performance.now())
    }
  })
  from.on('close', () => to.destroy()).on('error', () => to.destroy())
}

const server = createServer((near) => {
  const far = connect(port, '127.0.0.1')
  narrow(near, far)
  narrow(far, near)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
