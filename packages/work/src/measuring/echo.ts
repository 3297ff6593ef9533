// What a node does that is measured: it sends back what comes. Nobody can send back what has not yet come, so the time
// tells how fast its link is in both directions, whatever the node would like to say.
import type { Link } from './link.ts'

/** Of one measurement: who asks for more is not measuring. Jobs ask for half as much at most. */
export const ECHO_BYTES = 33_554_432

/** Resolves with the bytes that went back, when the other side is done or has sent too many. */
export async function echo(link: Link, most: number = ECHO_BYTES): Promise<number> {
  let sent = 0
  try {
    for await (const chunk of link.received) {
      if (sent + chunk.length > most) break
      await link.send(chunk)
      sent += chunk.length
    }
  } finally {
    link.close()
  }
  return sent
}
