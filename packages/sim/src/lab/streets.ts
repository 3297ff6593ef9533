// Lays the cables of a lab, and begins to carry packets between its two sides.
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { cablesOf, HUB_END, inNetwork, type Plan, STREET_END, WIRE, type WireEnd } from './plan.ts'
import type { Carried, Weather } from './weather.ts'

export interface Streets {
  /** From now on, in both directions. Gives what was carried under the weather before. */
  weather(weather: Weather): Promise<Carried>
}

export async function buildStreets(plan: Plan): Promise<Streets> {
  execFileSync('sh', ['-e'], { input: cablesOf(plan) })
  const wire = fork(join(import.meta.dirname, 'wire.ts'))
  await once(wire, 'message')
  attach([], HUB_END)
  attach(inNetwork('street'), STREET_END)
  return {
    async weather(weather) {
      wire.send(weather)
      const [carried] = await once(wire, 'message')
      return carried
    },
  }
}

/** Each packet is one datagram. Without its wire the lab shows nothing, and ends. */
function attach(prefix: readonly string[], { host, port, peer }: WireEnd): void {
  const ends = [`TUN,tun-name=${WIRE},iff-no-pi`, `UDP:${host}:${port},bind=${peer.host}:${peer.port}`]
  const [file = '', ...args] = [...prefix, 'socat', ...ends]
  const socat = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  socat.on('exit', (code) => {
    throw new Error(`The wire broke: socat ended with ${code}.`)
  })
}
